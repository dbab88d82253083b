//go:build race

package storage

const large = 1
