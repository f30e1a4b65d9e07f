package templates

import (
	"embed"

	"indy/scheduler"
)

type htmlTemplate struct{}
type look struct{}

func newLook(embed.FS) (*look, error)                         { return &look{}, nil }
func (*look) fragment(*written) (string, error)               { return "", nil }
func (*Set) html(*written) (string, []scheduler.Image, error) { return "", nil, nil }
func (*Set) addHTML(lang, name, kind, content string) error   { return nil }
