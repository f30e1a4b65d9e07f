package local

import (
	"testing"

	"indy/integrations/integrationtest"
)

func TestMailboxConformance(t *testing.T) { integrationtest.RunMailbox(t, newMailWorld) }

func TestCalendarConformance(t *testing.T) { integrationtest.RunCalendar(t, newCalendarWorld) }
