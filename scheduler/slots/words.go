package slots

import (
	"fmt"
	"strings"
	"time"
)

// The words in which the organizer is told why. Times are in the organizer's zone unless
// they say "for them".

// spell writes a length of time as people say it: "45 minutes", "1 hour", "2 days".
func spell(d time.Duration) string {
	const day = 24 * time.Hour
	switch {
	case d >= 2*day && d%day == 0:
		return plural(int(d/day), "day")
	case d >= time.Hour && d%time.Hour == 0:
		return plural(int(d/time.Hour), "hour")
	case d%time.Minute == 0 && d < 2*time.Hour:
		return plural(int(d/time.Minute), "minute")
	}
	if d%time.Minute == 0 {
		return strings.TrimSuffix(d.String(), "0s")
	}
	return d.Round(time.Second).String()
}

func plural(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return fmt.Sprintf("%d %ss", n, word)
}

func oneToOnes(n int) string { return plural(n, "one-to-one") }

// stamp is an instant: "Thu 26 Nov 14:00".
func (s *search) stamp(t time.Time) string {
	return t.In(s.r.Organizer.Zone).Format("Mon 2 Jan 15:04")
}

// span is a stretch, with its days only where it takes more than one.
func (s *search) span(iv Interval) string {
	from, to := iv.From.In(s.r.Organizer.Zone), iv.To.In(s.r.Organizer.Zone)
	if DateOf(from, s.r.Organizer.Zone) == DateOf(to, s.r.Organizer.Zone) {
		return from.Format("15:04") + "–" + to.Format("15:04")
	}
	if from.Add(24*time.Hour).Equal(to) && from.Hour() == 0 && from.Minute() == 0 {
		return "all day"
	}
	return s.stamp(iv.From) + " – " + s.stamp(iv.To)
}

// theirTime is when it is for the person, with the day where that differs; "" where their
// clock shows what the organizer's does.
func (s *search) theirTime(iv Interval) string {
	there, here := iv.From.In(s.r.Person.Zone), iv.From.In(s.r.Organizer.Zone)
	_, theirs := there.Zone()
	if _, ours := here.Zone(); theirs == ours {
		return ""
	}
	if DateOf(iv.From, s.r.Person.Zone) != DateOf(iv.From, s.r.Organizer.Zone) {
		return there.Format("Mon 15:04") + " for them"
	}
	return there.Format("15:04") + " for them"
}

// forThem is a reason that is about the person, with their time where it is another.
func (s *search) forThem(why string, iv Interval) string {
	if there := s.theirTime(iv); there != "" {
		return why + ": " + there
	}
	return why + " for them"
}

// reason is why the chosen candidate c was chosen, beside the others.
func (s *search) reason(c candidate, chosen []candidate) string {
	why := []string{c.day.Weekday().String() + " " + c.part.String() + " " + s.weekWords(c)}
	if c.named {
		why = append(why, "just when they asked for")
	} else if len(s.r.Windows) > 0 {
		why = append(why, "within the times that they named")
	}
	if len(chosen) > 1 {
		sameDay, samePart := 0, 0
		for _, o := range chosen {
			if o.day == c.day {
				sameDay++
			}
			if o.part == c.part {
				samePart++
			}
		}
		switch {
		case sameDay == 1 && samePart == 1:
			why = append(why, "the only one on its day and the only "+c.part.String())
		case sameDay == 1:
			why = append(why, "the only one on its day")
		case samePart == 1:
			why = append(why, "the only "+c.part.String())
		}
	}
	if c.minute == 0 {
		why = append(why, "on the full hour")
	}
	if there := s.theirTime(c.Interval); there != "" {
		why = append(why, there)
	}
	return strings.Join(why, "; ")
}

// weekWords is how far ahead the week of c is.
func (s *search) weekWords(c candidate) string {
	monday := func(d Date) Date { return d.AddDays(-(int(d.Weekday()) + 6) % 7) }
	weeks := monday(DateOf(s.r.Now, s.r.Person.Zone)).DaysUntil(monday(c.day)) / 7
	switch weeks {
	case 0:
		return "this week"
	case 1:
		return "next week"
	}
	return fmt.Sprintf("in %d weeks", weeks)
}

// passedOver is why a possible candidate was not chosen: what tells most against it.
func (s *search) passedOver(c candidate, offered []Slot) string {
	if len(offered) == 0 {
		return "possible"
	}
	nearest, most := offered[0], -1
	for _, o := range offered {
		if o.Overlaps(c.Interval) {
			return "possible, but it overlaps " + s.stamp(o.From) + ", which is offered"
		}
		if n := c.likeness(s.weigh(o.Interval)); n > most {
			nearest, most = o, n
		}
	}
	alike := s.weigh(nearest.Interval)
	switch {
	case alike.day == c.day:
		return "possible, but " + s.stamp(nearest.From) + " is offered on the same day"
	case !c.near && s.weigh(offered[0].Interval).near:
		return "possible, but sooner ones are offered"
	case alike.part == c.part:
		return "possible, but " + s.stamp(nearest.From) + " is offered in the same part of the day"
	case c.minute != 0:
		return "possible, but not on the full hour"
	case c.early:
		return "possible, but early or late in the day"
	}
	return "possible, but others suit better"
}
