//go:build ignore

// Shrink makes pictures of pages small: it cuts the empty end off and keeps the 256
// colours that are used most. It rewrites the PNG files that it is given.
package main

import (
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"slices"
)

func main() {
	for _, name := range os.Args[1:] {
		if err := shrink(name); err != nil {
			fmt.Fprintf(os.Stderr, "shrink %s: %v\n", name, err)
			os.Exit(1)
		}
	}
}

func shrink(name string) error {
	in, err := os.Open(name)
	if err != nil {
		return err
	}
	src, err := png.Decode(in)
	in.Close()
	if err != nil {
		return err
	}
	used := map[color.NRGBA]int{}
	at := func(x, y int) color.NRGBA { return color.NRGBAModel.Convert(src.At(x, y)).(color.NRGBA) }
	b := src.Bounds()
	end := b.Min.Y
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			c := at(x, y)
			used[c]++
			if c != at(b.Min.X, b.Max.Y-1) {
				end = y
			}
		}
	}
	b.Max.Y = min(b.Max.Y, end+28)

	most := make([]color.NRGBA, 0, len(used))
	for c := range used {
		most = append(most, c)
	}
	slices.SortFunc(most, func(x, y color.NRGBA) int { return used[y] - used[x] })
	var few color.Palette
	for _, c := range most[:min(len(most), 256)] {
		few = append(few, c)
	}
	nearest := map[color.NRGBA]uint8{}
	dst := image.NewPaletted(image.Rect(0, 0, b.Dx(), b.Dy()), few)
	for y := range b.Dy() {
		for x := range b.Dx() {
			c := at(b.Min.X+x, b.Min.Y+y)
			i, known := nearest[c]
			if !known {
				i = uint8(few.Index(c))
				nearest[c] = i
			}
			dst.SetColorIndex(x, y, i)
		}
	}
	out, err := os.Create(name)
	if err != nil {
		return err
	}
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(out, dst); err != nil {
		out.Close()
		return err
	}
	return out.Close()
}
