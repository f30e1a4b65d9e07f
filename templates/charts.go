package templates

import (
	"fmt"
	"strconv"

	"github.com/go-analyze/charts"

	"indy/scheduler"
)

// The charts stand on paper of their own, so that they look right on a light and on a dark
// page. They are drawn larger than shown, for sharp screens, with letters
// that a phone still shows legibly.
const (
	chartWidth  = 840
	chartHeight = 360
)

var (
	chartPaper = charts.ColorFromHex("#f7f8f6")
	chartInk   = charts.ColorFromHex("#3c444b")
	chartGrid  = charts.ColorFromHex("#dde1de")
	chartBar   = charts.ColorFromHex("#1f7a68")
	chartGoal  = charts.ColorFromHex("#b3541e")
)

// chart draws a chart of the digest. The same figures are drawn once.
func (s *Set) chart(p *page, name string) (scheduler.Image, string, error) {
	var spec, alt string
	var draw func() ([]byte, error)
	var err error
	switch name {
	case "pace":
		spec, draw = p.pace()
		alt, err = p.Say("pace")
	case "coverage":
		spec, draw = p.coverage()
		alt, err = p.Say("coverage")
	default:
		return scheduler.Image{}, "", fmt.Errorf("there is no chart %q", name)
	}
	if err != nil {
		return scheduler.Image{}, "", err
	}
	img := scheduler.Image{CID: name + ".png", Type: "image/png"}
	if known, ok := s.charts.Load(spec); ok {
		img.Data = known.([]byte)
		return img, alt, nil
	}
	if img.Data, err = draw(); err != nil {
		return scheduler.Image{}, "", fmt.Errorf("draw the %s: %w", name, err)
	}
	if s.drawn.Add(1) > 256 { // figures change weekly: an old picture is soon of no use
		s.charts.Clear()
		s.drawn.Store(1)
	}
	s.charts.Store(spec, img.Data)
	return img, alt, nil
}

// pace is one-to-ones a week as bars, with the goal as a line.
func (p *page) pace() (spec string, draw func() ([]byte, error)) {
	d := p.Digest
	var values, goal []float64
	var labels []string
	most := d.Goal
	for _, w := range d.Pace {
		values = append(values, float64(w.Met))
		goal = append(goal, float64(d.Goal))
		label := p.g.shortDate(w.Monday)
		if (len(d.Pace)-len(labels))%2 == 0 { // every other week has room for its name, the last one always
			label = ""
		}
		labels = append(labels, label)
		most = max(most, w.Met)
	}
	unit := wholeUnit(most)
	top := float64(unit * max(2, (most+unit-1)/unit))
	spec = fmt.Sprint("pace ", labels, values, d.Goal)
	return spec, func() ([]byte, error) {
		opt := charts.ChartOption{
			OutputFormat: charts.ChartOutputPNG, Width: chartWidth, Height: chartHeight,
			Theme: chartTheme(chartBar, chartGoal), Padding: charts.NewBox(20, 32, 28, 16),
			BarSize: 0.6, LineStrokeWidth: 4, Symbol: charts.Symbol{Shape: charts.SymbolNone},
			Legend:     charts.LegendOption{Show: charts.Ptr(false)},
			SeriesList: charts.GenericSeriesList{{Type: charts.ChartTypeBar, Values: values}},
			XAxis:      charts.XAxisOption{Labels: labels, LabelFontStyle: chartFont(), LabelCount: len(labels)},
			YAxis: []charts.YAxisOption{{
				Min: charts.Ptr(0.0), Max: &top, Unit: float64(unit), LabelCount: int(top)/unit + 1,
				RangeValuePaddingScale: charts.Ptr(0.0), LabelFontStyle: chartFont(), ValueFormatter: whole,
				SplitLineShow: charts.Ptr(true),
			}},
		}
		if d.Goal > 0 {
			opt.SeriesList = append(opt.SeriesList, charts.GenericSeries{Type: charts.ChartTypeLine, Values: goal})
		}
		return png(opt)
	}
}

func png(opt charts.ChartOption) ([]byte, error) {
	painter, err := charts.Render(opt)
	if err != nil {
		return nil, err
	}
	return painter.Bytes()
}

func whole(f float64) string { return strconv.Itoa(int(f + 0.5)) }

// wholeUnit is the step between the lines of the grid: whole one-to-ones, few lines.
func wholeUnit(most int) int {
	unit := 1
	for most/unit > 6 {
		unit *= 2
	}
	return unit
}

// coverage is how many people were met in their rhythm, are overdue, and are not met yet.
func (p *page) coverage() (spec string, draw func() ([]byte, error)) {
	c := p.Digest.Coverage
	in, _ := p.Say("coverage in")
	over, _ := p.Say("coverage over")
	never, _ := p.Say("coverage never")
	labels := []string{never, over, in} // drawn from the bottom up
	values := []float64{float64(c.NeverMet), float64(c.Overdue), float64(c.InRhythm)}
	unit := wholeUnit(max(c.NeverMet, c.Overdue, c.InRhythm))
	top := float64(unit * max(2, (max(c.NeverMet, c.Overdue, c.InRhythm)+unit-1)/unit))
	spec = fmt.Sprint("coverage ", labels, values)
	return spec, func() ([]byte, error) {
		opt := charts.NewBarChartOptionWithData([][]float64{values})
		opt.Horizontal = true
		opt.Theme = chartTheme(chartBar)
		opt.Padding = charts.NewBox(20, 20, 40, 16)
		opt.BarSize = 0.55
		opt.Legend.Show = charts.Ptr(false)
		opt.SeriesList[0].Label = charts.SeriesLabel{Show: charts.Ptr(true), ValueFormatter: whole, FontStyle: chartFont()}
		opt.CategoryAxis.Labels = labels
		opt.CategoryAxis.LabelFontStyle = chartFont()
		opt.ValueAxis = []charts.ValueAxisOption{{
			Min: charts.Ptr(0.0), Max: &top, Unit: float64(unit), LabelCount: int(top)/unit + 1,
			RangeValuePaddingScale: charts.Ptr(0.0), LabelFontStyle: chartFont(), ValueFormatter: whole,
		}}
		painter := charts.NewPainter(charts.PainterOptions{OutputFormat: charts.ChartOutputPNG, Width: chartWidth, Height: 260})
		if err := painter.BarChart(opt); err != nil {
			return nil, err
		}
		return painter.Bytes()
	}
}

func chartFont() charts.FontStyle { return charts.FontStyle{FontSize: 23, FontColor: chartInk} }

func chartTheme(series ...charts.Color) charts.ColorPalette {
	return charts.GetTheme("light").WithBackgroundColor(chartPaper).WithSeriesColors(series).
		WithAxisSplitLineColor(chartGrid).WithXAxisColor(chartInk).WithYAxisColor(chartInk)
}
