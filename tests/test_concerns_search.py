import pytest

from concerns.search import fold


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("ноокат", "Ноокат"),
        ("кочо жарыгы", "Көчө жарыгы"),
        ("озгон", "ӨЗГӨН"),
        ("айыл окмоту", "айыл өкмөтү"),
        ("жаны жол", "Жаңы\u00a0 жол\n"),
        ("елка", "Ёлка"),
        ("елка", "е\u0308лка"),  # ё as a letter and a mark
        ("окмоту", "ѳкмѳтү"),  # fita, as one municipality's site writes ө
        ("жаны", "жаӊы"),
        ("жаны", "жањы"),
        ("коргоо", "қорғоо"),
    ],
)
def test_what_people_type_finds_what_is_written(typed, written):
    assert fold(typed) == fold(written)


@pytest.mark.parametrize(
    ("one", "other"), [("уй", "уи"), ("тоо", "то"), ("өз ара", "өзара")]
)
def test_different_words_stay_different(one, other):
    assert fold(one) != fold(other)


@pytest.mark.parametrize("text", ["Жаңы ЁЛКА", "Straße ŉ", "е\u0308", "İ", ""])
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)
