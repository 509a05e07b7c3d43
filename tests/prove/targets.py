"""What is promised, and where it is proved: files of tests, or beginnings of names."""

from typing import NamedTuple


class Target(NamedTuple):
    promise: str
    places: list


PROOFS = "tests/prove"

TARGETS = {
    "R5": Target(
        "no string breaks a form, and what is kept is shown as it was written",
        [f"{PROOFS}/prove_strings.py"],
    ),
    "R6": Target(
        "nobody reads what is not his, and each door is missed when it stands open",
        [
            *("tests/test_access.py", "tests/test_canary.py"),
            *("tests/test_centers_accounts.py", "tests/test_kaab_admin.py"),
            *("tests/test_concerns_visibility.py", "tests/test_concerns_levels.py"),
            *("tests/test_concerns_custodian.py", "tests/test_concerns_assignment.py"),
            *("tests/test_concerns_identity.py", "tests/test_concerns_summary.py"),
            *(f"{PROOFS}/prove_doors.py", f"{PROOFS}/prove_lists.py"),
        ],
    ),
    "R7": Target(
        "sent twice at once it is one: a concern with one receipt, a version, a guest",
        [
            f"{PROOFS}/prove_races.py::test_sent_twelve_times",
            f"{PROOFS}/prove_races.py::test_a_photo_sent_twelve_times",
            f"{PROOFS}/prove_meeting_races.py::test_sent_twenty_times",
            f"{PROOFS}/prove_plan_races.py::test_sent_twenty_times",
        ],
    ),
    "R8": Target(
        "of many who change one thing at once one does, the others keep their words",
        [
            f"{PROOFS}/prove_races.py::test_of_twenty",
            f"{PROOFS}/prove_meeting_races.py::test_of_twenty",
            f"{PROOFS}/prove_plan_races.py::test_of_twenty",
        ],
    ),
    "R9": Target(
        "without the database: 503 in both languages, words and key kept, sent once",
        [
            *("tests/test_kaab_errors.py", "tests/test_kaab_patience.py"),
            *(f"{PROOFS}/prove_outage.py", f"{PROOFS}/prove_held.py"),
        ],
    ),
    "R10": Target(
        "a full disk: 503 with the words, pages as ever, then sent once, none halved",
        [f"{PROOFS}/prove_disk.py::test_filled"],
    ),
    "R11": Target(
        "a disk with little room: the coordinator is told, words are taken",
        [f"{PROOFS}/prove_disk.py::test_low"],
    ),
    "R12": Target(
        "a backup made under load comes back whole in an empty place",
        ["tests/test_kaab_restore.py"],
    ),
    "R13": Target(
        "a backup is locked, rotated, and opens with its own key and keys alone",
        ["tests/test_kaab_backup.py"],
    ),
    "R14": Target(
        "a damaged database is not served, and a sound one is not called damaged",
        ["tests/test_kaab_soundness.py"],
    ),
    "R15": Target(
        "forms that 200 slow phones have half sent keep nobody waiting",
        ["tests/test_kaab_server.py::test_half_sent"],
    ),
    "T1": Target(
        "whom a concern is about is blind to it from that request on",
        ["tests/test_concerns_custody.py", "tests/browser/test_intake.py"],
    ),
    "T2": Target(
        "the journal: chained, a changed byte named, nothing changed or taken out",
        ["tests/test_centers_journal.py"],
    ),
    "T3": Target(
        "a phone that she left holds no word, no code, no category, no cookie",
        ["tests/browser/test_shared_phone.py"],
    ),
    "T4": Target(
        "an ended, expired or wrong code gets the same bytes",
        [
            "tests/test_concerns_follow.py::test_a_code_that_ended",
            "tests/test_concerns_leaving.py",
        ],
    ),
    "T5": Target(
        "codes cannot be guessed, and nothing tells a miss from a hit",
        [f"{PROOFS}/prove_codes.py", "tests/test_concerns_codes.py"],
    ),
    "T6": Target(
        "a thousand filings of machines bury nobody",
        [f"{PROOFS}/prove_flood.py"],
    ),
    "T7": Target(
        "what is no picture is refused, and of one nothing is kept but what it shows",
        [f"{PROOFS}/prove_pictures.py", "tests/test_concerns_photos.py"],
    ),
    "T8": Target(
        "a password alone opens nothing, a code opens once, no sign-in is unseen",
        [
            *("tests/test_centers_second_factor.py", "tests/test_centers_sessions.py"),
            *("tests/test_centers_step_up.py", "tests/test_centers_notices.py"),
        ],
    ),
    "T9": Target(
        "nobody is locked out by a stranger",
        ["tests/test_centers_sign_in.py"],
    ),
    "T10": Target(
        "no string becomes part of a page, and the headers earn the best grade",
        [
            f"{PROOFS}/prove_strings.py",
            "tests/test_deploy_nginx.py::test_the_headers_earn",
        ],
    ),
    "T18": Target(
        "no address and no browser of a resident is kept anywhere",
        [f"{PROOFS}/prove_traces.py"],
    ),
    "T20": Target(
        "who writes the code into the words is asked again, and nothing is kept",
        [
            "tests/test_concerns_conversation.py::test_her_code_in_the_words",
            "tests/test_concerns_filing.py::test_her_code_in_what_she_sends",
        ],
    ),
    "M1": Target(
        "a protocol's files are what programs of others take them for",
        ["tests/test_meetings_protocol_judges.py"],
    ),
    "M2": Target(
        "the whole life of a meeting is walked by all its people, without script",
        ["tests/browser/test_life_of_a_meeting.py"],
    ),
    "M3": Target(
        "every page fits a phone and a wide screen, and axe has nothing to say",
        ["tests/browser/test_every_page.py"],
    ),
}
