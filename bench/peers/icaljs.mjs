// node icaljs.mjs FILE: free slots by ical.js. The file is parsed once, and only what can
// reach the window is expanded. Prints the beginning of each slot, in Unix seconds.
import { readFileSync } from "node:fs";
import ICAL from "ical.js";

const cal = new ICAL.Component(ICAL.parse(readFileSync(process.argv[2], "utf8")));
for (const z of cal.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(z);
const home = ICAL.TimezoneService.get("Europe/Berlin");

// Dates and floating times are in the home zone.
function unix(t) {
	if (t.isDate || t.zone === ICAL.Timezone.localTimezone) {
		t = t.clone();
		t.isDate = false;
		t.zone = home;
	}
	return t.toUnixTime();
}
const at = (text) => unix(ICAL.Time.fromString(text));
const from = at("2026-10-12T00:00:00"), to = at("2026-11-09T00:00:00");

const events = cal.getAllSubcomponents("vevent");
const moved = new Set();
for (const e of events) {
	const rid = e.getFirstPropertyValue("recurrence-id");
	if (rid) moved.add(e.getFirstPropertyValue("uid") + " " + unix(rid));
}
const busy = [];
const add = (a, b) => { if (a < to && b > from && a < b) busy.push([a, b]); };
for (const e of events) {
	if (e.getFirstPropertyValue("transp") === "TRANSPARENT" || e.getFirstPropertyValue("status") === "CANCELLED") continue;
	const start = e.getFirstPropertyValue("dtstart"), end = e.getFirstPropertyValue("dtend");
	const rule = e.getFirstPropertyValue("rrule");
	if (start.year > 2026 || (!rule && end.year * 100 + end.month < 202610)) continue;
	const a = unix(start), length = unix(end) - a;
	if (!rule) { add(a, a + length); continue; }
	if (rule.until && unix(rule.until) + length <= from) continue;
	const gone = new Set();
	for (const p of e.getAllProperties("exdate")) for (const v of p.getValues()) gone.add(unix(v));
	const uid = e.getFirstPropertyValue("uid");
	const it = rule.iterator(start);
	for (let t = it.next(); t; t = it.next()) {
		const s = unix(t);
		if (s >= to) break;
		if (s + length > from && !gone.has(s) && !moved.has(uid + " " + s)) add(s, s + length);
	}
}
busy.sort((a, b) => a[0] - b[0]);
const joined = [];
for (const [a, b] of busy) {
	const last = joined[joined.length - 1];
	if (last && a <= last[1]) last[1] = Math.max(last[1], b);
	else joined.push([a, b]);
}
let k = 0;
const out = [];
for (let d = 0; d < 28; d++) {
	if (d % 7 > 4) continue;
	const day = ICAL.Time.fromString("2026-10-12T09:00:00");
	day.adjust(d, 0, 0, 0);
	const open = unix(day);
	for (let s = open; s + 2700 <= open + 8 * 3600; s += 900) {
		while (k < joined.length && joined[k][1] <= s) k++;
		if (k === joined.length || joined[k][0] >= s + 2700) out.push(s);
	}
}
console.log(out.join("\n"));
