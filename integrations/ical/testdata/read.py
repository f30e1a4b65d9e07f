"""Reads an invite from standard input with icalendar, which is strict, and prints its values as JSON."""
import json
import sys
from datetime import timezone

from icalendar import Calendar

cal = Calendar.from_ical(sys.stdin.buffer.read())
event = cal.walk("VEVENT")[0]
attendee = event["ATTENDEE"]


def text(name):
    return str(event.get(name, ""))


def html():
    # An X- property is of unknown type, so its text stays escaped.
    return text("X-ALT-DESC").replace("\\n", "\n").replace("\\;", ";").replace("\\,", ",").replace("\\\\", "\\")


def instant(name):
    return event[name].dt.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


print(json.dumps({
    "method": str(cal["METHOD"]), "uid": text("UID"), "summary": text("SUMMARY"), "description": text("DESCRIPTION"),
    "location": text("LOCATION"), "organizer": text("ORGANIZER"), "attendee": str(attendee), "cn": attendee.params.get("CN", ""),
    "status": text("STATUS"), "html": html(), "start": instant("DTSTART"), "end": instant("DTEND"),
    "sequence": int(event["SEQUENCE"]), "errors": sum(len(c.errors) for c in cal.walk()),
    "alarms": len(event.walk("VALARM")), "zones": len(cal.walk("VTIMEZONE")),
}))
