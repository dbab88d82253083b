//go:build !race

package storage

// large multiplies the sizes of the tests of large things. The race detector makes SQLite, which is Go here, thirty times slower.
const large = 10
