/* libical FILE: free slots by libical, as well as it can do it: the file is parsed once, and
   only what can reach the window is expanded, from shortly before it. Prints the beginning of
   each slot, in Unix seconds. */
#include <libical/ical.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef long long sec;
typedef struct { sec from, to; } span;
typedef struct { const char *uid; sec rid; } moved;

static span *busy;
static size_t busies, room;
static sec from, to;
static icaltimezone *home;

static sec instant(struct icaltimetype t) {
	const icaltimezone *z = t.zone ? t.zone : icaltime_is_utc(t) ? icaltimezone_get_utc_timezone() : home;
	return icaltime_as_timet_with_zone(t, z);
}

static void add(sec a, sec b) {
	if (a >= to || b <= from || a >= b) return;
	if (busies == room) busy = realloc(busy, (room = room ? 2 * room : 512) * sizeof *busy);
	busy[busies++] = (span){a, b};
}

static int by_from(const void *a, const void *b) {
	sec x = ((const span *)a)->from, y = ((const span *)b)->from;
	return (x > y) - (x < y);
}

static int by_uid(const void *a, const void *b) {
	const moved *x = a, *y = b;
	int c = strcmp(x->uid, y->uid);
	return c ? c : (x->rid > y->rid) - (x->rid < y->rid);
}

static moved *list;
static size_t listed;

static void overrides(icalcomponent *cal) {
	size_t max = 0;
	for (icalcomponent *e = icalcomponent_get_first_component(cal, ICAL_VEVENT_COMPONENT); e;
	     e = icalcomponent_get_next_component(cal, ICAL_VEVENT_COMPONENT)) {
		icalproperty *p = icalcomponent_get_first_property(e, ICAL_RECURRENCEID_PROPERTY);
		if (!p) continue;
		if (listed == max) list = realloc(list, (max = max ? 2 * max : 512) * sizeof *list);
		list[listed++] = (moved){icalcomponent_get_uid(e), instant(icalproperty_get_datetime_with_component(p, e))};
	}
	qsort(list, listed, sizeof *list, by_uid);
}

/* over says, without expanding, that a rule ended before the window. */
static int over(struct icalrecurrencetype *r, sec start, sec length) {
	if (!icaltime_is_null_time(r->until)) return instant(r->until) + length <= from;
	if (r->count <= 0) return 0;
	sec period = r->freq == ICAL_WEEKLY_RECURRENCE ? 7 : r->freq == ICAL_MONTHLY_RECURRENCE ? 62 : 0;
	return period && start + length + (sec)(r->count + 1) * r->interval * period * 86400 <= from;
}

static void series(icalcomponent *e, icalproperty *rule, struct icaltimetype start, sec length) {
	struct icalrecurrencetype r = icalproperty_get_rrule(rule);
	sec first = instant(start), gone[128];
	int n = 0;
	if (over(&r, first, length)) return;
	for (icalproperty *p = icalcomponent_get_first_property(e, ICAL_EXDATE_PROPERTY); p && n < 128;
	     p = icalcomponent_get_next_property(e, ICAL_EXDATE_PROPERTY))
		gone[n++] = instant(icalproperty_get_datetime_with_component(p, e));
	icalrecur_iterator *it = icalrecur_iterator_new(r, start);
	if (!r.count && first + 2 * 86400 < from) {
		struct icaltimetype near = icaltime_from_timet_with_zone(from - 2 * 86400, 0, start.zone ? start.zone : home);
		near.hour = start.hour, near.minute = start.minute, near.second = start.second;
		icalrecur_iterator_set_start(it, near);
	}
	const char *uid = icalcomponent_get_uid(e);
	for (struct icaltimetype t = icalrecur_iterator_next(it); !icaltime_is_null_time(t); t = icalrecur_iterator_next(it)) {
		t.zone = start.zone;
		sec at = instant(t);
		if (at >= to) break;
		if (at + length <= from) continue;
		int skip = 0;
		for (int i = 0; i < n && !skip; i++) skip = gone[i] == at;
		moved key = {uid, at};
		if (!skip && !(listed && bsearch(&key, list, listed, sizeof *list, by_uid))) add(at, at + length);
	}
	icalrecur_iterator_free(it);
}

static void events(icalcomponent *cal) {
	for (icalcomponent *e = icalcomponent_get_first_component(cal, ICAL_VEVENT_COMPONENT); e;
	     e = icalcomponent_get_next_component(cal, ICAL_VEVENT_COMPONENT)) {
		icalproperty *p = icalcomponent_get_first_property(e, ICAL_TRANSP_PROPERTY);
		if (p && icalproperty_get_transp(p) == ICAL_TRANSP_TRANSPARENT) continue;
		p = icalcomponent_get_first_property(e, ICAL_STATUS_PROPERTY);
		if (p && icalproperty_get_status(p) == ICAL_STATUS_CANCELLED) continue;
		icalproperty *rule = icalcomponent_get_first_property(e, ICAL_RRULE_PROPERTY);
		struct icaltimetype start = icalcomponent_get_dtstart(e), end = icalcomponent_get_dtend(e);
		if (start.year > 2026 || (!rule && end.year * 100 + end.month < 202610)) continue; /* far from the window */
		sec a = instant(start), b = instant(end);
		if (a >= to) continue;
		if (rule) series(e, rule, start, b - a);
		else add(a, b);
	}
}

static void slots(void) {
	qsort(busy, busies, sizeof *busy, by_from);
	size_t n = 0, k = 0;
	for (size_t i = 0; i < busies; i++)
		if (n && busy[i].from <= busy[n - 1].to) {
			if (busy[i].to > busy[n - 1].to) busy[n - 1].to = busy[i].to;
		} else busy[n++] = busy[i];
	for (int d = 0; d < 28; d++) {
		struct icaltimetype day = icaltime_from_string("20261012T090000");
		icaltime_adjust(&day, d, 0, 0, 0);
		if (d % 7 > 4) continue;
		sec open = icaltime_as_timet_with_zone(day, home);
		for (sec s = open; s + 2700 <= open + 8 * 3600; s += 900) {
			while (k < n && busy[k].to <= s) k++;
			if (k == n || busy[k].from >= s + 2700) printf("%lld\n", s);
		}
	}
}

int main(int argc, char **argv) {
	struct stat st;
	int fd = argc > 1 ? open(argv[1], O_RDONLY) : -1;
	if (fd < 0 || fstat(fd, &st)) return 1;
	char *b = malloc(st.st_size + 1);
	size_t have = 0;
	for (ssize_t n; have < (size_t)st.st_size && (n = read(fd, b + have, st.st_size - have)) > 0;) have += n;
	b[have] = 0;
	icalcomponent *cal = icalparser_parse_string(b);
	if (!cal) return 1;
	home = icalcomponent_get_timezone(cal, "Europe/Berlin");
	from = icaltime_as_timet_with_zone(icaltime_from_string("20261012T000000"), home);
	to = icaltime_as_timet_with_zone(icaltime_from_string("20261109T000000"), home);
	overrides(cal);
	events(cal);
	slots();
	return 0;
}
