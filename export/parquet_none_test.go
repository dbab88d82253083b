//go:build noparquet

package export

var parquetSample []testFormat
