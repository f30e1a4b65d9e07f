/* strict: reads an iCalendar object from standard input with libical, and says what is wrong
   with it: lines that it cannot parse, and what RFC 5546 forbids its METHOD. Then it prints
   the first VEVENT's UID, SEQUENCE, DTSTART and DTEND in Unix seconds, and the attendee. */
#include <libical/ical.h>
#include <stdio.h>
#include <stdlib.h>

static char text[1 << 20];

static int problems(icalcomponent *c) {
	int n = 0;
	for (icalproperty *p = icalcomponent_get_first_property(c, ICAL_XLICERROR_PROPERTY); p;
	     p = icalcomponent_get_next_property(c, ICAL_XLICERROR_PROPERTY)) {
		printf("problem: %s\n", icalproperty_get_xlicerror(p));
		n++;
	}
	for (icalcomponent *in = icalcomponent_get_first_component(c, ICAL_ANY_COMPONENT); in;
	     in = icalcomponent_get_next_component(c, ICAL_ANY_COMPONENT))
		n += problems(in);
	return n;
}

int main(void) {
	size_t n = fread(text, 1, sizeof text - 1, stdin);
	text[n] = 0;
	icalcomponent *cal = icalparser_parse_string(text);
	if (!cal || icalcomponent_isa(cal) != ICAL_VCALENDAR_COMPONENT) {
		puts("problem: no VCALENDAR");
		return 0;
	}
	int parsed = problems(cal);
	/* What the restrictions find is left in the component as errors, too. */
	if (!icalcomponent_check_restrictions(cal) && problems(cal) == parsed)
		puts("problem: it does not keep to the restrictions of its METHOD");
	icalcomponent *e = icalcomponent_get_first_component(cal, ICAL_VEVENT_COMPONENT);
	if (!e) return 0;
	icalproperty *who = icalcomponent_get_first_property(e, ICAL_ATTENDEE_PROPERTY);
	struct icaltimetype from = icalcomponent_get_dtstart(e), to = icalcomponent_get_dtend(e);
	printf("%s %d %lld %lld %s\n", icalcomponent_get_uid(e), icalcomponent_get_sequence(e),
	       (long long)icaltime_as_timet_with_zone(from, from.zone ? from.zone : icaltimezone_get_utc_timezone()),
	       (long long)icaltime_as_timet_with_zone(to, to.zone ? to.zone : icaltimezone_get_utc_timezone()),
	       who ? icalproperty_get_attendee(who) : "-");
	return 0;
}
