"""How a body is cut into items."""

import json

import pytest

from tests.whatsapp import samples
from wabridge.model.event import AccountEvent, InboundMessage, StatusReport, Unreadable, decode, encode
from wabridge.whatsapp import account_news, payloads


@pytest.mark.parametrize("name", samples.NAMES)
def test_every_sample_can_be_stored(name: str) -> None:
    """What comes out of any sample can be written down and read again unchanged."""
    for item in payloads.split(samples.body(name)):
        assert decode(encode(item.event)) == item.event
        assert 0 <= item.at < 2**32
        assert item.identity
        assert "\0" not in encode(item.event).decode()


def test_a_batch_is_cut_into_all_its_items() -> None:
    """Entries, changes, messages and statuses all come out, messages before statuses, each for its own number."""
    items = payloads.split(samples.body("batch_of_everything"))
    assert [type(item.event) for item in items] == [
        *[InboundMessage] * 3,
        *[StatusReport] * 3,
        AccountEvent,
        InboundMessage,
        StatusReport,
    ]
    assert [item.event.phone_number_id for item in items][-3:] == [None, "106540352242999", "106540352242999"]
    assert len({item.identity for item in items}) == len(items)


def test_pointers_lead_to_the_items() -> None:
    """A pointer followed into the body finds the object the item was made of."""
    root = samples.parsed("batch_of_everything")
    for item in payloads.split(samples.body("batch_of_everything")):
        found = root
        for key in item.pointer.split("/")[1:]:
            found = found[int(key)] if isinstance(found, list) else found[key]
        assert not isinstance(item.event, InboundMessage | StatusReport) or found["id"] == item.event.wamid


def test_one_bad_message_costs_nobody_else() -> None:
    """Four good messages around a bad one are all there, and the bad one is too."""
    items = payloads.split(samples.body("batch_with_one_bad_message"))
    assert samples.wamids(items) == ["wamid.M1", "wamid.M2", None, "wamid.M3", "wamid.M4"]
    assert isinstance(items[2].event, Unreadable)
    assert items[2].event.phone_number_id == samples.NUMBER


def test_nulls_and_wrong_types_cost_nobody_else() -> None:
    """Null, numbers and texts where lists or objects belong become items of their own beside the good message."""
    items = payloads.split(samples.body("batch_with_nulls_and_wrong_types"))
    assert [item.event.wamid for item in items if isinstance(item.event, InboundMessage)] == ["wamid.W1"]
    assert [(item.pointer, item.event.reason) for item in items if isinstance(item.event, Unreadable)] == [
        ("/entry/0", "an entry without changes"),
        ("/entry/1", "an entry without changes"),
        ("/entry/2/changes/0", "a change that is no object"),
        ("/entry/2/changes/1", "a change that is no object"),
        ("/entry/2/changes/2", "a change with nothing known in it"),
        ("/entry/2/changes/3", "a change with nothing known in it"),
    ]


def test_an_object_where_a_list_belongs_is_its_only_element() -> None:
    """A single message without its list is read, not lost."""
    root = samples.parsed("text")
    value = root["entry"][0]["changes"][0]["value"]
    value["messages"] = value["messages"][0]
    (item,) = payloads.split(json.dumps(root).encode())
    assert (item.pointer, item.event) == ("/entry/0/changes/0/value/messages", samples.message("text"))


def test_a_change_with_nothing_known_is_an_item() -> None:
    """A change for messages without any known list does not disappear."""
    event = samples.unreadable("change_with_nothing_known")
    assert (event.reason, event.phone_number_id) == ("a change with nothing known in it", samples.NUMBER)


def test_a_change_without_field_is_read_by_what_it_holds() -> None:
    """A change whose field is missing is read if it holds messages, and is unreadable otherwise."""
    root = samples.parsed("text")
    change = root["entry"][0]["changes"][0]
    del change["field"]
    assert payloads.split(json.dumps(root).encode())[0].event == samples.message("text")
    change["value"] = {"event": "SOMETHING"}
    (item,) = payloads.split(json.dumps(root).encode())
    assert isinstance(item.event, Unreadable)
    assert item.event.reason == "a change without a field"


def test_an_error_beside_the_messages_is_an_item() -> None:
    """An error of the account comes out under a field of its own, with Meta's object."""
    event = samples.account_event("error_beside_nothing")
    assert (event.field, event.phone_number_id) == (account_news.ERRORS, samples.NUMBER)
    assert event.value["code"] == 130429


@pytest.mark.parametrize(
    ("name", "field", "number", "at"),
    [
        ("account_restricted", "account_update", None, 1790420400),
        ("template_paused", "message_template_status_update", None, 1790420401),
    ],
)
def test_other_fields_are_account_events(name: str, field: str, number: str | None, at: int) -> None:
    """Every field but messages is kept whole, with account, number and Meta's time where they are known."""
    event = samples.account_event(name)
    assert (event.field, event.phone_number_id, event.business_account_id) == (field, number, samples.ACCOUNT)
    assert event.value == samples.parsed(name)["entry"][0]["changes"][0]["value"]
    assert payloads.split(samples.body(name))[0].at == at


def test_the_dashboards_test_is_a_message() -> None:
    """What Meta's Test button sends is read like anything else."""
    event = samples.message("dashboard_test")
    assert (event.phone_number_id, event.wamid, event.text) == ("123456123", "ABGGFlA5Fpa", "this is a text message")


def test_a_change_without_envelope_is_read() -> None:
    """Tools that send a bare change get their message through."""
    (item,) = payloads.split(samples.body("change_without_envelope"))
    assert item.pointer == "/value/messages/0"
    assert isinstance(item.event, InboundMessage)


def test_an_empty_envelope_has_no_items() -> None:
    """A body that says nothing yields nothing."""
    assert payloads.split(samples.body("envelope_with_nothing_in_it")) == []


@pytest.mark.parametrize(
    ("time", "at"), [("0", 0), ("-1", 0), (-1, 0), (2**32, 2**32 - 1), (10**15, 0), ("soon", 0), (True, 0), (-1.5, 0)]
)
def test_times_are_clipped(time: object, at: int) -> None:
    """A time beyond what the key can hold is clipped, and what is no time counts as none."""
    root = samples.parsed("text")
    root["entry"][0]["changes"][0]["value"]["messages"][0]["timestamp"] = time
    assert payloads.split(json.dumps(root).encode())[0].at == at


def test_batching_changes_no_identity() -> None:
    """Merged into one body or sent one by one, items keep their identities."""
    together = payloads.split(samples.body("batch_of_everything"))
    alone = []
    for entry in samples.parsed("batch_of_everything")["entry"]:
        for change in entry["changes"]:
            for name in ("messages", "statuses"):
                for element in change["value"].get(name, []):
                    single = change | {
                        "value": {k: v for k, v in change["value"].items() if k not in ("messages", "statuses")}
                    }
                    single["value"][name] = [element]
                    alone += payloads.split(json.dumps({"entry": [entry | {"changes": [single]}]}).encode())
            if "event" in change["value"]:
                alone += payloads.split(json.dumps({"entry": [entry | {"changes": [change]}]}).encode())
    assert {item.identity for item in alone} == {item.identity for item in together}


def test_spelling_changes_no_identity() -> None:
    """Escaped or plain, compact or spaced, in whatever order of keys: it is the same item."""
    root = samples.parsed("text_in_indonesian")
    plain = json.dumps(root, ensure_ascii=False).encode()
    escaped = json.dumps(root, ensure_ascii=True, sort_keys=True, separators=(",", ":")).replace("/", "\\/").encode()
    assert plain != escaped
    assert payloads.split(plain) == payloads.split(escaped)


def test_a_broken_sibling_changes_no_identity() -> None:
    """An item is the same whether its body had to be read leniently or not."""
    root = samples.parsed("text")
    sound = payloads.split(json.dumps(root).encode())
    root["entry"].append({"changes": [{"field": "x", "value": "\ud83d"}]})
    assert payloads.split(json.dumps(root).encode())[0] == sound[0]


def test_nothing_where_a_status_belongs_is_not_nothing_where_a_message_belongs() -> None:
    """What says nothing is set aside once for each list, and a repeat of it is one."""
    root = samples.parsed("text")
    root["entry"][0]["changes"][0]["value"] |= {"messages": [None, None], "statuses": [None]}
    items = payloads.split(json.dumps(root).encode())
    assert len({item.pointer for item in items}) == 3
    assert len({item.identity for item in items}) == 2
