package templates

// Problem is something wrong in the folder of overrides.
type Problem struct {
	File   string
	Line   int // 1-based; 0 where it does not apply
	Column int
	What   string
}

func problemOf(file string, err error) Problem { return Problem{File: file, What: err.Error()} }
func didYouMean(string) string                 { return "" }
