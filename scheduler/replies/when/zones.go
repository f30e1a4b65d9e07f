package when

import (
	"sync"
	"time"
)

// zones are the zones that words may name: IANA names, which follow the changes of
// clocks also where the word says "standard": who writes PST in July means the clock
// on the wall in Los Angeles. Fixed ones are given in minutes east.
var zones = []struct {
	name  string
	fixed int
}{
	zPacific: {name: "America/Los_Angeles"}, zMountain: {name: "America/Denver"}, zCentral: {name: "America/Chicago"},
	zEastern: {name: "America/New_York"}, zUTC: {name: "UTC"}, zLondon: {name: "Europe/London"},
	zBST: {name: "BST", fixed: 60}, zCET: {name: "Europe/Paris"}, zEET: {name: "Europe/Athens"}, zWET: {name: "Europe/Lisbon"},
	zMadrid: {name: "Europe/Madrid"}, zAtlantic: {name: "America/Halifax"}, zAlaska: {name: "America/Anchorage"},
	zHawaii: {name: "Pacific/Honolulu"}, zArizona: {name: "America/Phoenix"}, zMexico: {name: "America/Mexico_City"},
	zBogota: {name: "America/Bogota"}, zLima: {name: "America/Lima"}, zBuenosAires: {name: "America/Argentina/Buenos_Aires"},
	zSantiago: {name: "America/Santiago"}, zCaracas: {name: "America/Caracas"}, zPuertoRico: {name: "America/Puerto_Rico"},
	zTokyo: {name: "Asia/Tokyo"}, zIndia: {name: "Asia/Kolkata"}, zSydney: {name: "Australia/Sydney"}, zBerlin: {name: "Europe/Berlin"},
	zRome: {name: "Europe/Rome"}, zMoscow: {name: "Europe/Moscow"}, zShanghai: {name: "Asia/Shanghai"}, zSaoPaulo: {name: "America/Sao_Paulo"},
	zDublin: {name: "Europe/Dublin"}, zToronto: {name: "America/Toronto"}, zCanarias: {name: "Atlantic/Canary"}, zNewfoundland: {name: "America/St_Johns"},
}

// The indices of zones, for the vocabularies.
const (
	zPacific = iota
	zMountain
	zCentral
	zEastern
	zUTC
	zLondon
	zBST
	zCET
	zEET
	zWET
	zMadrid
	zAtlantic
	zAlaska
	zHawaii
	zArizona
	zMexico
	zBogota
	zLima
	zBuenosAires
	zSantiago
	zCaracas
	zPuertoRico
	zTokyo
	zIndia
	zSydney
	zBerlin
	zRome
	zMoscow
	zShanghai
	zSaoPaulo
	zDublin
	zToronto
	zCanarias
	zNewfoundland
)

// zoneAt is nil where the machine knows no such zone.
var zoneAt = func() func(int) *time.Location {
	var loaded [64]*time.Location
	var once [64]sync.Once
	return func(i int) *time.Location {
		once[i].Do(func() {
			if z := zones[i]; z.fixed != 0 {
				loaded[i] = time.FixedZone(z.name, z.fixed*60)
			} else if l, err := time.LoadLocation(z.name); err == nil {
				loaded[i] = l
			}
		})
		return loaded[i]
	}
}()
