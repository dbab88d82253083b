//go:build noparquet

package export

func parquetFormats() []Format { return nil }
