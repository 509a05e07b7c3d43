"""Which promise is proved where. `make prove` runs all of these places."""

PROOFS = "tests/prove"

TARGETS = {
    "R7": (
        "sent twice at once is one concern with one receipt",
        [f"{PROOFS}/prove_races.py::test_sent_twelve_times"],
    ),
    "R8": (
        "of many who change one thing at once one does, the others keep their words",
        [f"{PROOFS}/prove_races.py::test_of_twenty"],
    ),
}
