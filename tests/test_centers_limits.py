from datetime import datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from centers.limits import client_key, hit, is_within, sweep
from centers.models import DaySalt, Limit

pytestmark = pytest.mark.django_db


def came_from(address, **headers):
    return SimpleNamespace(META={"REMOTE_ADDR": address, **headers})


def test_hits_pass_up_to_the_limit_and_no_further():
    answers = [hit("follow", "a", limit=3, seconds=60) for _ in range(5)]

    assert answers == [True, True, True, False, False]


def test_clients_and_purposes_are_counted_apart():
    hit("follow", "a", limit=1, seconds=60)

    assert hit("follow", "b", limit=1, seconds=60)
    assert hit("filing", "a", limit=1, seconds=60)
    assert not hit("follow", "a", limit=1, seconds=60)


def test_a_new_window_opens_when_the_old_one_has_run_out():
    hit("follow", "a", limit=1, seconds=60)
    assert not hit("follow", "a", limit=1, seconds=60)

    Limit.objects.update(expires_at=timezone.now())

    assert hit("follow", "a", limit=1, seconds=60)
    assert not hit("follow", "a", limit=1, seconds=60)


def test_further_hits_do_not_prolong_the_window():
    hit("follow", "a", limit=1, seconds=60)
    end = Limit.objects.get().expires_at

    hit("follow", "a", limit=1, seconds=60)

    assert Limit.objects.get().expires_at == end


def test_looking_whether_there_is_room_counts_nothing():
    hit("follow", "a", limit=2, seconds=60)

    assert is_within("follow", "a", limit=2)
    assert is_within("follow", "a", limit=2)
    assert hit("follow", "a", limit=2, seconds=60)
    assert not is_within("follow", "a", limit=2)


def test_one_hit_is_one_statement(django_assert_num_queries):
    with django_assert_num_queries(1):
        hit("follow", "a", limit=1, seconds=60)


def test_of_many_hits_at_once_exactly_the_limit_passes(together):
    def five_hits():
        return [hit("follow", "a", limit=20, seconds=60) for _ in range(5)]

    answers = sum(together(five_hits, threads=8), [])

    assert (len(answers), sum(answers)) == (40, 20)


# Keys


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("212.42.100.7", "212.42.100.250"),
        ("2a03:2880::1", "2a03:2880::ffff:1"),
        ("212.42.100.7", "::ffff:212.42.100.8"),
    ],
)
def test_one_network_has_one_key(one, other):
    assert client_key(came_from(one)) == client_key(came_from(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("212.42.100.7", "212.42.101.7"),
        ("2a03:2880::1", "2a03:2880:0:1::1"),
        ("212.42.100.7", ""),
    ],
)
def test_two_networks_have_two_keys(one, other):
    assert client_key(came_from(one)) != client_key(came_from(other))


@pytest.mark.parametrize("address", ["", "unix:", "1.2.3", "x" * 999])
def test_whoever_has_no_readable_address_shares_one_key(address):
    assert client_key(came_from(address)) == client_key(came_from("unknown"))


def test_a_header_that_is_not_trusted_changes_nothing():
    forged = came_from("212.42.100.7", HTTP_X_FORWARDED_FOR="9.9.9.9")

    assert client_key(forged) == client_key(came_from("212.42.100.7"))


@pytest.mark.parametrize("passed_on", ["212.42.100.7", "9.9.9.9, 212.42.100.7"])
def test_behind_a_proxy_its_own_word_counts_and_not_the_clients(settings, passed_on):
    settings.CLIENT_ADDRESS_HEADER = "HTTP_X_FORWARDED_FOR"

    behind_proxy = client_key(came_from("127.0.0.1", HTTP_X_FORWARDED_FOR=passed_on))

    settings.CLIENT_ADDRESS_HEADER = ""
    assert behind_proxy == client_key(came_from("212.42.100.7"))


def test_without_the_salt_a_key_cannot_be_made_again():
    before = client_key(came_from("212.42.100.7"))

    DaySalt.objects.all().delete()

    assert client_key(came_from("212.42.100.7")) != before


# What is left behind


def test_the_first_client_of_a_day_destroys_the_salt_of_the_day_before():
    yesterday = timezone.localdate() - timedelta(days=1)
    DaySalt.objects.create(day=yesterday, salt="old")

    client_key(came_from("212.42.100.7"))

    assert [salt.day for salt in DaySalt.objects.all()] == [timezone.localdate()]


def test_many_first_clients_of_a_day_get_one_salt(together):
    keys = together(lambda: client_key(came_from("212.42.100.7")), threads=8)

    assert len(set(keys)) == 1


def test_sweeping_takes_what_has_run_out_and_leaves_the_rest():
    hit("follow", "minute", limit=1, seconds=60)
    hit("filing", "day", limit=1, seconds=24 * 60 * 60)

    sweep(timezone.now() + timedelta(hours=1))

    assert [counter.key for counter in Limit.objects.all()] == ["filing:day"]


def test_the_salt_is_swept_at_midnight_in_bishkek():
    bishkek = ZoneInfo("Asia/Bishkek")
    DaySalt.objects.create(day=datetime(2026, 11, 23).date(), salt="s")

    sweep(datetime(2026, 11, 23, 23, 59, tzinfo=bishkek))
    assert DaySalt.objects.exists()

    sweep(datetime(2026, 11, 24, 0, 0, tzinfo=bishkek))
    assert not DaySalt.objects.exists()
