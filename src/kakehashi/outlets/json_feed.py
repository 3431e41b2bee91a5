"""A feed as JSON Feed 1.1 (jsonfeed.org/version/1.1), plain text only."""

from typing import Any

import orjson

from kakehashi.outlets.feed import Entry, Feed
from kakehashi.outlets.given import moment
from kakehashi.outlets.xml import cleaned

TYPE = "application/feed+json"


def json_feed(feed: Feed) -> bytes:
    """The whole document."""
    made = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": cleaned(feed.title),
        "home_page_url": feed.home,
        "feed_url": feed.address,
        "description": cleaned(feed.subtitle),
        "language": feed.lang,
        "authors": [{"name": cleaned(feed.author)}],
        "items": [_item(entry) for entry in feed.entries],
    }
    if feed.next:
        made["next_url"] = feed.next
    return orjson.dumps(made, option=orjson.OPT_INDENT_2)


def _item(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "url": entry.address,
        "title": cleaned(entry.title.text),
        "content_text": cleaned("\n\n".join((entry.summary.text, *entry.notes))),
        "summary": cleaned(entry.summary.text),
        "date_published": moment(entry.published),
        "date_modified": moment(entry.updated),
        "authors": [{"name": cleaned(entry.author)}],
        "tags": [name for _, name in entry.tags],
        "language": entry.summary.lang,
    }
