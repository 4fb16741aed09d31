package run

import (
	"reflect"

	"github.com/parquet-go/parquet-go"
)

// Type is one of the column types that may cross from one room to another.
type Type string

// The types of contracts between rooms, named as in SQL.
const (
	Varchar     Type = "varchar"
	Boolean     Type = "boolean"
	Bigint      Type = "bigint"
	Double      Type = "double"
	Date        Type = "date"        // read and written as time.Time at midnight UTC
	Timestamptz Type = "timestamptz" // read and written as time.Time in UTC
	VarcharList Type = "varchar[]"   // read and written as []string
)

// Column is one column of a table.
type Column struct {
	Name string
	Type Type
}

// Schema is the column list of a table. Every column may be null.
type Schema struct {
	Name    string // "contacts", without the schema
	Columns []Column
}

// Texts is a schema of text columns.
func Texts(name string, columns ...string) Schema {
	s := Schema{Name: name}
	for _, c := range columns {
		s.Columns = append(s.Columns, Column{Name: c, Type: Varchar})
	}
	return s
}

// Names lists the column names.
func (s Schema) Names() []string {
	names := make([]string, len(s.Columns))
	for i, c := range s.Columns {
		names[i] = c.Name
	}
	return names
}

// orderedGroup keeps fields as given; parquet.Group sorts them by name.
type orderedGroup struct {
	parquet.Group
	fields []parquet.Field
}

func (g orderedGroup) Fields() []parquet.Field { return g.fields }

type orderedField struct {
	parquet.Node
	name string
}

func (f orderedField) Name() string { return f.name }

// Value is part of parquet.Field; rows are written as parquet.Row, so nothing is looked up by reflection.
func (f orderedField) Value(base reflect.Value) reflect.Value { return base }

// Parquet is the schema as Parquet has it, with the columns in the given order. With, if not nil, may say
// for each column how it is encoded and compressed.
func (s Schema) Parquet(with func(column int, node parquet.Node) parquet.Node) *parquet.Schema {
	g := orderedGroup{Group: parquet.Group{}}
	for i, c := range s.Columns {
		node := parquetNode(c.Type)
		if with != nil {
			node = with(i, node)
		}
		g.Group[c.Name] = node
		g.fields = append(g.fields, orderedField{Node: node, name: c.Name})
	}
	return parquet.NewSchema(s.Name, g)
}

func parquetNode(t Type) parquet.Node {
	switch t {
	case Boolean:
		return parquet.Optional(parquet.Leaf(parquet.BooleanType))
	case Bigint:
		return parquet.Optional(parquet.Int(64))
	case Double:
		return parquet.Optional(parquet.Leaf(parquet.DoubleType))
	case Date:
		return parquet.Optional(parquet.Date())
	case Timestamptz:
		return parquet.Optional(parquet.Timestamp(parquet.Microsecond))
	case VarcharList:
		return parquet.Optional(parquet.List(parquet.Optional(parquet.String())))
	default:
		return parquet.Optional(parquet.String())
	}
}
