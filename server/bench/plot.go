package main

import (
	"fmt"
	"html"
	"math"
	"slices"
	"strings"
	"time"
)

// Of the picture, in pixels.
const (
	plotWidth, plotHeight      = 760, 440
	plotLeft, plotRight        = 70, 150
	plotTop, plotBottom        = 50, 50
	innerWidth, innerHeight    = plotWidth - plotLeft - plotRight, plotHeight - plotTop - plotBottom
	plotStart, plotLabelOffset = plotTop + innerHeight, 8
)

// curves are what is drawn, with a colour and a dash each, so that the picture
// reads without colours too.
var curves = []struct{ name, colour, dash string }{
	{"FTS5 query", "#b3541e", "8 4"},
	{"FTS5, no stop words", "#d99a6c", "8 4"},
	{"whole answer", "#1f5fa8", ""},
	{"candidates", "#2c7a4b", "2 3"},
}

// plot draws the median seconds of searches by number of claims, both on
// logarithmic axes, as SVG.
func plot(grown map[string][]point) []byte {
	from, to, low, high := math.Inf(1), math.Inf(-1), math.Inf(1), math.Inf(-1)
	for _, c := range curves {
		for _, p := range grown[c.name] {
			from, to = min(from, float64(p.claims)), max(to, float64(p.claims))
			low, high = min(low, p.value), max(high, p.value)
		}
	}
	if !(low > 0) || from > to {
		return []byte(`<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>`)
	}
	first, last := math.Floor(math.Log10(low)), math.Ceil(math.Log10(high))
	last = max(last, first+1)
	if to == from {
		to = 10 * from
	}
	x := func(claims float64) float64 {
		return plotLeft + innerWidth*math.Log(claims/from)/math.Log(to/from)
	}
	y := func(seconds float64) float64 {
		return plotStart - innerHeight*(math.Log10(seconds)-first)/(last-first)
	}
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" font-family="sans-serif" font-size="12" role="img">`, plotWidth, plotHeight, plotWidth, plotHeight)
	b.WriteString("\n<title>Median time of one question by the number of stored claims</title>\n")
	fmt.Fprintf(&b, `<rect width="%d" height="%d" fill="#ffffff"/>`+"\n", plotWidth, plotHeight)
	fmt.Fprintf(&b, `<text x="%d" y="24" font-size="14">Median time of one question by the number of stored claims</text>`+"\n", plotLeft)
	for e := first; e <= last; e++ {
		at := y(math.Pow(10, e))
		fmt.Fprintf(&b, `<path d="M%d %.1fH%d" stroke="#dddddd"/><text x="%d" y="%.1f" text-anchor="end">%s</text>`+"\n",
			plotLeft, at, plotLeft+innerWidth, plotLeft-plotLabelOffset, at+4, html.EscapeString(time.Duration(math.Pow(10, e)*1e9+0.5).String()))
	}
	var ticks []int
	for _, c := range curves {
		for _, p := range grown[c.name] {
			ticks = append(ticks, p.claims)
		}
	}
	slices.Sort(ticks)
	for _, n := range slices.Compact(ticks) {
		fmt.Fprintf(&b, `<path d="M%.1f %dV%d" stroke="#eeeeee"/><text x="%.1f" y="%d" text-anchor="middle">%s</text>`+"\n",
			x(float64(n)), plotTop, plotStart, x(float64(n)), plotStart+20, short(n))
	}
	for _, c := range curves {
		line(&b, c.name, c.colour, c.dash, grown[c.name], x, y)
	}
	b.WriteString("</svg>\n")
	return []byte(b.String())
}

// line draws one curve with a mark at each point and its name at the end.
func line(b *strings.Builder, name, colour, dash string, points []point, x, y func(float64) float64) {
	if len(points) == 0 {
		return
	}
	var path strings.Builder
	for i, p := range points {
		step := "L"
		if i == 0 {
			step = "M"
		}
		fmt.Fprintf(&path, "%s%.1f %.1f", step, x(float64(p.claims)), y(p.value))
		fmt.Fprintf(b, `<circle cx="%.1f" cy="%.1f" r="3" fill="%s"/>`, x(float64(p.claims)), y(p.value), colour)
	}
	end := points[len(points)-1]
	fmt.Fprintf(b, "\n"+`<path d="%s" fill="none" stroke="%s" stroke-width="2" stroke-dasharray="%s"/>`, path.String(), colour, dash)
	fmt.Fprintf(b, `<text x="%.1f" y="%.1f" fill="%s">%s, %v</text>`+"\n", x(float64(end.claims))+plotLabelOffset, y(end.value)+4, colour,
		html.EscapeString(name), round(time.Duration(end.value*1e9)))
}
