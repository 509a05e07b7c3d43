import sys

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kaab.doctor import State, examine
from kaab.doctor.machine import test_letter


class Command(BaseCommand):
    help = "Say in plain words what is wrong with this installation; 1 if anything is."
    # Whatever is wrong is for the doctor to say.
    requires_system_checks = []

    def add_arguments(self, parser):
        languages = [code for code, _name in settings.LANGUAGES]
        parser.add_argument("--language", choices=languages, default="ru")
        parser.add_argument("--mail", metavar="ADDRESS", help="send a test letter")

    def handle(self, *args, **options):
        with translation.override(options["language"]):
            findings = []
            for finding in examine():
                self.say(finding)
                findings.append(finding)
            if options["mail"]:
                findings.append(test_letter(options["mail"]))
                self.say(findings[-1])
            number = sum(finding.state is State.WRONG for finding in findings)
            if number:
                # Below the list also where both go through a pipe.
                self.stdout.write(
                    ngettext(
                        "%(number)s thing is wrong.",
                        "%(number)s things are wrong.",
                        number,
                    )
                    % {"number": number}
                )
                sys.exit(1)

    def say(self, finding):
        names = {
            State.OK: _("[in order]"),
            State.ATTENTION: _("[attention]"),
            State.WRONG: _("[wrong]"),
        }
        words = [names[finding.state], finding.text, finding.advice]
        self.stdout.write(" ".join(filter(None, words)))
