package replies

func (r *reader) debrief() Reading { return Reading{Kind: Unclear} }
func (r *reader) steps() Reading   { return Reading{Kind: Unclear} }
func (r *reader) summary() Reading { return Reading{Kind: Unclear} }
func (r *reader) mayGo() Reading   { return Reading{Kind: Unclear} }
func (r *reader) digest() Reading  { return Reading{Kind: Unclear} }
