package local

import (
	"testing"

	"indy/integrations/integrationtest"
)

func TestMailboxConformance(t *testing.T) { integrationtest.RunMailbox(t, newMailWorld) }
