"""Which promise is proved where. `make prove` runs all of these places."""

PROOFS = "tests/prove"

TARGETS = {
    "R6": (
        "nobody reads what is not his: every address, method, role and place",
        ["tests/test_access.py", "tests/test_canary.py", "tests/test_concerns_visib"],
    ),
    "R7": (
        "sent twice at once is one concern with one receipt",
        [f"{PROOFS}/prove_races.py::test_sent_twelve_times"],
    ),
    "R8": (
        "of many who change one thing at once one does, the others keep their words",
        [f"{PROOFS}/prove_races.py::test_of_twenty"],
    ),
    "R9": (
        "without the database: 503 in both languages, words and key kept, sent once",
        ["tests/test_kaab_errors.py"],
    ),
    "R15": (
        "forms that 200 slow phones have half sent keep nobody waiting",
        ["tests/test_kaab_server.py::test_half_sent"],
    ),
    "T2": (
        "the journal: chained, a changed byte named, nothing changed or taken out",
        ["tests/test_centers_journal.py"],
    ),
    "T4": (
        "an ended, expired or wrong code gets the same bytes",
        ["tests/test_concerns_follow.py::test_a_code_that_ended"],
    ),
    "T5": (
        "codes cannot be guessed, and nothing tells a miss from a hit",
        [f"{PROOFS}/prove_codes.py", "tests/test_concerns_codes.py"],
    ),
    "T6": (
        "a thousand filings of machines bury nobody",
        [f"{PROOFS}/prove_flood.py"],
    ),
    "T8": (
        "a password alone opens nothing, a code opens once, sessions end",
        ["tests/test_centers_second_factor.py", "tests/test_centers_sessions.py"],
    ),
    "T9": (
        "nobody is locked out by a stranger",
        ["tests/test_centers_sign_in.py"],
    ),
    "T18": (
        "no address and no browser of a resident is kept anywhere",
        [f"{PROOFS}/prove_traces.py"],
    ),
}
