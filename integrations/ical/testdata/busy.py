"""Prints what is busy in each of a JSON list of calendars from standard input, by
recurring-ical-events: busy.py FROM TO, in Unix seconds."""
import json
import sys
from datetime import datetime, timezone

import recurring_ical_events
from icalendar import Calendar

first, last = int(sys.argv[1]), int(sys.argv[2])
start, stop = (datetime.fromtimestamp(t, timezone.utc) for t in (first, last))


def instant(d):
    return int((d if isinstance(d, datetime) else datetime(d.year, d.month, d.day, tzinfo=timezone.utc)).timestamp())


def busy(text):
    found = []
    for e in recurring_ical_events.of(Calendar.from_ical(text)).between(start, stop):
        if str(e.get("TRANSP", "")) == "TRANSPARENT" or str(e.get("STATUS", "")) == "CANCELLED":
            continue
        a, b = max(instant(e["DTSTART"].dt), first), min(instant(e["DTEND"].dt), last)
        if a < b:
            found.append((a, b))
    merged = []
    for a, b in sorted(found):
        if merged and a <= merged[-1][1]:
            merged[-1][1] = max(merged[-1][1], b)
        else:
            merged.append([a, b])
    return merged


print(json.dumps([busy(text) for text in json.load(sys.stdin)]))
