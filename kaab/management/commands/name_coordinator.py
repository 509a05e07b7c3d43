from centers.models import Partner, Role

from . import name_custodian


class Command(name_custodian.Command):
    help = (
        "Print a link by which a person of the council becomes a coordinator of a"
        " centre whose own has left without naming one."
    )
    side, role = Partner.Kind.COUNCIL, Role.COORDINATOR
