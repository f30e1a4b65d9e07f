package store

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// millis is how an instant is kept: milliseconds since 1970 in UTC, 0 for none. Never a
// time.Time: each driver would write it in its own way.
func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func instant(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// longest is how long a name may be: PostgreSQL's indexes take no row over 2,704 octets.
const longest = 1024

// text makes a string from outside one that both databases take: UTF-8 without NUL, and
// short enough for an index. What is changed by it stays distinct.
func text(s string) string {
	if !utf8.ValidString(s) || strings.IndexByte(s, 0) >= 0 {
		s = strconv.QuoteToASCII(s)
	}
	if len(s) > longest {
		sum := sha256.Sum256([]byte(s))
		s = "sha256:" + hex.EncodeToString(sum[:])
	}
	return s
}

// hashes are a person's keys as the database knows them: without its secret nobody can
// try addresses against them.
func (s *Store) hashes(team string, keys []string) []string {
	list := make([]string, len(keys))
	for i, key := range keys {
		mac := hmac.New(sha256.New, s.secret)
		mac.Write([]byte(team))
		mac.Write([]byte{0})
		mac.Write([]byte(key))
		list[i] = base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
	}
	return list
}
