import threading
import unicodedata

import pytest

from concerns import codes
from concerns.codes import BadKey, Busy, Malformed

pytestmark = pytest.mark.once

SAMPLES = [codes.derive(f"sample {number}") for number in range(20)]


def one_digit_wrong(code):
    return [
        code[:place] + digit + code[place + 1 :]
        for place in range(16)
        for digit in "0123456789"
        if digit != code[place]
    ]


def neighbours_swapped(code):
    return [
        code[:place] + code[place + 1] + code[place] + code[place + 2 :]
        for place in range(15)
        if code[place] != code[place + 1]
    ]


def is_accepted(typed):
    try:
        return bool(codes.normalise(typed))
    except Malformed:
        return False


# The check digit


def test_the_check_digit_is_damms():
    assert codes.check_digit("572") == "4"


@pytest.mark.parametrize("code", SAMPLES)
def test_every_single_wrong_digit_is_noticed(code):
    assert not any(map(is_accepted, one_digit_wrong(code)))


@pytest.mark.parametrize("code", SAMPLES)
def test_every_swap_of_neighbours_is_noticed(code):
    assert not any(map(is_accepted, neighbours_swapped(code)))


@pytest.mark.parametrize("state", range(10))
def test_the_table_lets_no_swap_of_two_digits_through_from_any_state(state):
    table = codes.DAMM
    pairs = [(one, two) for one in range(10) for two in range(one)]

    assert all(table[table[state][a]][b] != table[table[state][b]][a] for a, b in pairs)
    assert sorted(table[state]) == list(range(10))
    assert table[state][state] == 0


# What people type


@pytest.mark.parametrize(
    "typed",
    [
        "4821 0937 5564 1206",
        "4821-0937-5564-1206",
        " 4821.0937.5564.1206\n",
        "4821\u00a00937\u20095564\u200b1206",
        "4821–0937—5564−1206",
        "482IO9375564I2O6".replace("I", "1"),
        "4821 О9З7 5564 12о6",
        "٤٨٢١ ٠٩٣٧ ٥٥٦٤ ١٢٠٦",
        "４８２１０９３７５５６４１２０６",
    ],
)
def test_a_code_is_understood_as_people_write_it(typed):
    assert codes.normalise(typed) == "4821093755641206"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "482109375564120",
        "48210937556412060",
        "4821 0937 5564 1208",
        "4821_0937_5564_1206",
        "4821 0937 5564 12²6",
        "4821 0937 5564 Ⅻ06",
        "4821 0937 5564 1206\0",
        "4821093755641206" + " " * 49,
        "' OR 1=1 --",
        "😀" * 16,
    ],
)
def test_what_cannot_be_a_code_is_malformed(typed):
    with pytest.raises(Malformed):
        codes.normalise(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "4821 0937 5564 1206",
        "4821О9З755641206",
        "4821·0937·5564·1206",
        "4821−0937--5564 - 1206",
        "4821\u200b0937    5564\n\n1206",
        "٤٨٢١ ٠٩٣٧ ٥٥٦٤ ١٢٠٦",
        "5 4821093755641206",
    ],
)
def test_a_code_in_a_text_is_found_as_people_write_it(typed):
    assert "4821093755641206" in codes.codes_in(f"Кодум №{typed}, караңыз.")


def test_other_numbers_of_a_text_are_no_codes():
    assert codes.codes_in("2021-жылы 0550 12 34 56, 4821 0937 5564 1208") == []


@pytest.mark.parametrize("zero", "0۰०๐𝟎")
def test_zeros_of_other_scripts_are_zeros(zero):
    assert unicodedata.decimal(zero) == 0
    assert codes.normalise(zero * 16) == "0" * 16


def test_a_code_is_shown_in_fours_and_understood_so():
    code = SAMPLES[0]

    shown = codes.grouped(code)

    assert [len(group) for group in shown.split(" ")] == [4, 4, 4, 4]
    assert codes.normalise(shown) == code


# The form's key


def test_a_form_knows_its_key_and_its_age(monkeypatch):
    monkeypatch.setattr(codes.time, "time", lambda: 1_800_000_000.5)
    value = codes.issue_key("aral")
    monkeypatch.setattr(codes.time, "time", lambda: 1_800_000_090.5)

    key, age = codes.read_key(value, "aral")

    assert len(bytes.fromhex(key)) == 16
    assert age == 90


def test_no_two_forms_share_a_key():
    keys = {codes.read_key(codes.issue_key("aral"), "aral")[0] for _ in range(100)}

    assert len(keys) == 100


@pytest.mark.parametrize(
    "value", ["", "0" * 32, "a.1:b", "\0", "ы", f"{'0' * 32}.1800000000:abc"]
)
def test_a_key_not_made_here_is_refused(value):
    with pytest.raises(BadKey):
        codes.read_key(value, "aral")


def test_a_key_of_another_centres_form_is_refused():
    with pytest.raises(BadKey):
        codes.read_key(codes.issue_key("mirmakhmudov"), "aral")


def test_a_key_made_older_by_hand_is_refused():
    key, issued_at = codes.issue_key("aral").split(".")

    with pytest.raises(BadKey):
        codes.read_key(f"{key}.1{issued_at}", "aral")


# From the key to the code


def test_one_key_gives_one_code():
    key = codes.new_key()

    assert codes.derive(key) == codes.derive(key)
    assert codes.derive(key) != codes.derive(codes.new_key())


def test_a_code_is_sixteen_digits_with_the_zeros_in_front():
    made = [codes.derive(str(number)) for number in range(300)]

    assert all(len(code) == 16 and code.isdigit() for code in made)
    assert any(code.startswith("0") for code in made)
    assert [codes.normalise(code) for code in made] == made


def test_without_the_secret_a_key_gives_another_code(settings):
    key = codes.new_key()
    code = codes.derive(key)

    settings.CODE_KEYS = ["another secret"]

    assert codes.derive(key) != code


def test_a_receipt_asked_for_after_a_new_secret_shows_the_same_code(settings):
    key, old = codes.new_key(), codes.current_key_id()
    code = codes.derive(key)

    settings.CODE_KEYS = ["new secret", *settings.CODE_KEYS]

    assert codes.current_key_id() != old
    assert codes.derive(key, old) == code


def test_a_code_is_looked_for_under_every_secret(settings):
    settings.CODE_KEYS = ["old secret"]
    code, old = SAMPLES[0], codes.current_key_id()
    kept = (old, codes.bucket(code, old))

    settings.CODE_KEYS = ["new secret", "old secret"]

    assert codes.candidate_buckets(code)[1] == kept
    assert codes.candidate_buckets(code)[0][0] == codes.current_key_id()


def test_a_bucket_has_twenty_bits():
    buckets = [codes.bucket(code, codes.current_key_id()) for code in SAMPLES]

    assert len(set(buckets)) > 15
    assert 2**15 < max(buckets) < 2**20


def test_what_is_kept_of_a_key_neither_shows_it_nor_changes(settings):
    key = codes.new_key()
    kept = codes.key_hash(key)

    settings.CODE_KEYS = ["another secret"]

    assert codes.key_hash(key) == kept
    assert key not in kept


# What is kept of a code


def test_a_hash_knows_its_own_code_and_no_other():
    code, other = SAMPLES[:2]
    code_hash = codes.hash_code(code)

    assert codes.check_code(code, code_hash)
    assert not codes.check_code(other, code_hash)


def test_a_hash_is_argon2id_with_a_salt_of_its_own():
    one, other = codes.hash_code(SAMPLES[0]), codes.hash_code(SAMPLES[0])

    assert one.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert one != other


def test_a_third_hash_waits_and_is_sent_away_when_it_takes_too_long(monkeypatch):
    monkeypatch.setattr(codes, "LOOKING_UP_WAITS", 0.01)
    monkeypatch.setattr(codes, "FILING_WAITS", 0.01)
    code_hash = codes.hash_code(SAMPLES[0])

    with codes.hashing(0), codes.hashing(0):
        for attempt in (
            lambda: codes.hash_code(SAMPLES[0]),
            lambda: codes.check_code(SAMPLES[0], code_hash),
            lambda: codes.check_nothing(SAMPLES[0]),
        ):
            with pytest.raises(Busy):
                attempt()

    assert codes.check_code(SAMPLES[0], code_hash)


def test_a_filing_waits_until_a_look_up_is_done():
    answers = []
    filing = threading.Thread(target=lambda: answers.append(codes.hash_code("0" * 16)))

    with codes.hashing(0), codes.hashing(0):
        filing.start()
        filing.join(0.05)
        assert filing.is_alive()
    filing.join()

    assert len(answers) == 1
