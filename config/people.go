package config

import (
	"strings"

	"indy/scheduler"
)

// people checks the people and gives each to their organizer.
func (c *checker) people() {
	type owned struct{ organizer, key string }
	ids, addresses := map[owned]*person{}, map[owned]*person{}
	for i := range c.file.People {
		p := &c.file.People[i]
		id := c.id(p, p.ID, p.Name)
		k := c.whose(p)
		c.person(p)
		if k < 0 {
			continue
		}
		o := &c.out[k]
		own := string(o.ID)
		if first := ids[owned{own, id}]; first != nil && id != "" {
			c.problem(c.at(p, c.oneOf(p, "id", "name")), "the person in line %d is called %q already: give one of them another id", c.nodes[first].key.line, id)
		} else {
			ids[owned{own, id}] = p
		}
		all := append(plain([]address{p.Address}), plain(p.Aliases)...)
		for j, a := range all {
			lower := strings.ToLower(a)
			if a == "" {
				continue
			}
			key := "address"
			if j > 0 {
				key = "aliases"
			}
			switch first := addresses[owned{own, lower}]; {
			case first == p:
				c.problem(c.at(p, key), "%s: %s is given twice", key, a)
			case first != nil:
				c.problem(c.at(p, key), "%s: %s is the address of the person in line %d already", key, a, c.nodes[first].key.line)
			case isOwn(o, lower):
				c.problem(c.at(p, key), "%s: %s is the organizer's own address", key, a)
			default:
				addresses[owned{own, lower}] = p
			}
		}
		o.People = append(o.People, p.person(scheduler.PersonID(id), o.Organizer))
	}
}

func isOwn(o *Organizer, lower string) bool {
	if strings.EqualFold(o.Address, lower) {
		return true
	}
	for _, a := range o.Aliases {
		if strings.EqualFold(a, lower) {
			return true
		}
	}
	return false
}

// whose is the index of the organizer that the person belongs to; -1 when nobody can tell.
func (c *checker) whose(p *person) int {
	if p.Organizer == "" {
		switch len(c.out) {
		case 0: // said already
			return -1
		case 1:
			return 0
		}
		c.problem(c.nodes[p].key, "there are several organizers: say who meets this person, as in organizer = %q", c.out[0].ID)
		return -1
	}
	var ids []string
	for i, o := range c.out {
		if string(o.ID) == p.Organizer {
			return i
		}
		ids = append(ids, string(o.ID))
	}
	c.problem(c.at(p, "organizer"), "organizer: there is none with the id %q%s: there is %s", p.Organizer, didYouMean(p.Organizer, ids), quoted(ids))
	return -1
}

// person checks one person by themselves.
func (c *checker) person(p *person) {
	c.role(p, p.Role)
	if p.Address == "" && p.Phone == "" && !c.has(p, "address") && !c.has(p, "phone") {
		c.problem(c.nodes[p].key, "this person has neither an address nor a phone number, so they cannot be reached")
	}
	if p.Address == "" && len(p.Aliases) > 0 && !c.has(p, "address") {
		c.problem(c.at(p, "aliases"), "aliases are other addresses: give the one to write to as address")
	}
	for _, d := range []struct {
		key  string
		late bool
	}{{"last_met", p.LastMet.After(c.today)}, {"since", p.Since.After(c.today)}} {
		if d.late && !c.today.IsZero() {
			c.problem(c.at(p, d.key), "%s: this day is still to come", d.key)
		}
	}
}

// person turns the table into the scheduler's words.
func (p *person) person(id scheduler.PersonID, o scheduler.Organizer) scheduler.Person {
	out := scheduler.Person{
		ID: id, Name: p.Name, Phone: string(p.Phone), Zone: p.Zone, Language: p.Language,
		Status: scheduler.Status(p.Status), Every: int(p.Every), Role: p.Role, Skills: p.Skills,
		Mode: scheduler.Mode(p.Mode), Place: p.Place, Hours: p.Hours, Notes: string(p.Notes),
		Purpose: scheduler.Purpose(p.Purpose), Since: p.Since, LastMet: p.LastMet,
	}
	if p.Address != "" {
		out.Addresses = append(plain([]address{p.Address}), plain(p.Aliases)...)
	}
	if out.Zone == nil {
		out.Zone = o.Zone
	}
	return out
}
