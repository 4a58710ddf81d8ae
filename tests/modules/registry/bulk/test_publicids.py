from uuid import UUID

from thongsuot.modules.registry.bulk.publicids import A_TICK, rising_ids


def test_ids_rise_and_are_version_7():
    made = rising_ids(2 * A_TICK + 5)
    assert made == sorted(made)
    assert len(set(made)) == len(made)
    for text in (made[0], made[A_TICK - 1], made[A_TICK], made[-1]):
        one = UUID(text)
        assert (one.version, one.variant) == (7, "specified in RFC 4122")
    assert rising_ids(0) == []
