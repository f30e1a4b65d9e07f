package replies

var spanish = &language{code: "es", common: []string{"el", "la", "los", "de", "que", "no", "si"}, patterns: map[sign][]string{}}
