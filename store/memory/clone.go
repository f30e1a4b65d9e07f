package memory

import (
	"reflect"
	"sync"
	"time"
)

// clone is a copy that shares nothing with v that could be changed: what writing a
// document and reading it back would give, without the writing. Instants come out in UTC.
func clone[T any](v T) T {
	value := reflect.ValueOf(&v).Elem()
	copierOf(value.Type())(value)
	return v
}

// copier replaces, within an addressable value, what is shared by copies.
type copier func(reflect.Value)

var copiers sync.Map // reflect.Type → copier; nil where nothing is shared

var (
	timeType     = reflect.TypeFor[time.Time]()
	locationType = reflect.TypeFor[*time.Location]()
)

func copierOf(t reflect.Type) copier {
	if c, known := copiers.Load(t); known {
		return c.(copier)
	}
	c := makeCopier(t)
	copiers.Store(t, c)
	return c
}

func none(reflect.Value) {}

func makeCopier(t reflect.Type) copier {
	switch {
	case t == timeType:
		return func(v reflect.Value) {
			at := v.Addr().Interface().(*time.Time)
			*at = at.Round(0).UTC()
		}
	case t == locationType: // never changed
		return none
	}
	switch t.Kind() {
	case reflect.Pointer:
		return copyPointer(t)
	case reflect.Slice:
		return copySlice(t)
	case reflect.Map:
		return copyMap
	case reflect.Array:
		elem := copierOf(t.Elem())
		return func(v reflect.Value) {
			for i := range v.Len() {
				elem(v.Index(i))
			}
		}
	case reflect.Struct:
		return copyStruct(t)
	case reflect.Interface, reflect.Func, reflect.Chan, reflect.UnsafePointer:
		panic("memory: a document holds a " + t.String())
	}
	return none
}

func copyPointer(t reflect.Type) copier {
	return func(v reflect.Value) {
		if v.IsNil() {
			return
		}
		fresh := reflect.New(t.Elem())
		fresh.Elem().Set(v.Elem())
		copierOf(t.Elem())(fresh.Elem())
		v.Set(fresh)
	}
}

func copySlice(t reflect.Type) copier {
	flat := isFlat(t.Elem())
	return func(v reflect.Value) {
		if v.IsNil() {
			return
		}
		fresh := reflect.MakeSlice(t, v.Len(), v.Len())
		reflect.Copy(fresh, v)
		if !flat {
			elem := copierOf(t.Elem())
			for i := range fresh.Len() {
				elem(fresh.Index(i))
			}
		}
		v.Set(fresh)
	}
}

func copyMap(v reflect.Value) {
	if v.IsNil() {
		return
	}
	fresh := reflect.MakeMapWithSize(v.Type(), v.Len())
	elem := copierOf(v.Type().Elem())
	for each := v.MapRange(); each.Next(); {
		value := reflect.New(v.Type().Elem()).Elem()
		value.Set(each.Value())
		elem(value)
		fresh.SetMapIndex(each.Key(), value)
	}
	v.Set(fresh)
}

func copyStruct(t reflect.Type) copier {
	type field struct {
		index int
		copy  copier
	}
	var fields []field
	for i := range t.NumField() {
		f := t.Field(i)
		if isFlat(f.Type) {
			continue
		}
		if !f.IsExported() {
			panic("memory: a document hides " + t.String() + "." + f.Name)
		}
		fields = append(fields, field{i, copierOf(f.Type)})
	}
	return func(v reflect.Value) {
		for _, f := range fields {
			f.copy(v.Field(f.index))
		}
	}
}

// isFlat says that copying the value copies all of it.
func isFlat(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Array:
		return isFlat(t.Elem())
	case reflect.Struct:
		if t == timeType {
			return false
		}
		for i := range t.NumField() {
			if !isFlat(t.Field(i).Type) {
				return false
			}
		}
		return true
	case reflect.Pointer:
		return t == locationType
	}
	return t.Kind() < reflect.Array || t.Kind() == reflect.String
}
