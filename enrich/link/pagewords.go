package link

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"slices"
	"unicode"
	"unicode/utf8"
)

// Sketch is a set of hashes, ascending.
type Sketch []uint32

// MarshalText keeps a sketch in a JSON string of a third of the length that a list of numbers has.
func (s Sketch) MarshalText() ([]byte, error) {
	raw := make([]byte, 0, 4*len(s))
	for _, h := range s {
		raw = binary.BigEndian.AppendUint32(raw, h)
	}
	return base64.RawStdEncoding.AppendEncode(nil, raw), nil
}

// UnmarshalText reads what MarshalText has written.
func (s *Sketch) UnmarshalText(text []byte) error {
	raw, err := base64.RawStdEncoding.AppendDecode(nil, text)
	if err != nil || len(raw)%4 != 0 {
		return fmt.Errorf("sketch %q is damaged", text)
	}
	*s = make(Sketch, 0, len(raw)/4)
	for ; len(raw) > 0; raw = raw[4:] {
		*s = append(*s, binary.BigEndian.Uint32(raw))
	}
	return nil
}

// wordReader hashes the words of a text as they come by: nothing is kept of it but its start.
type wordReader struct {
	start  textStart
	text   uint64
	masked uint64
	words  int
	last   [2]uint64 // the masked words before
	sketch Sketch
}

const (
	hashSeed  = 14695981039346656037 // FNV-1a (RFC 9923 section 5)
	hashPrime = 1099511628211
	maskWord  = 0x9e3779b97f4a7c15 // what stands for every word with a digit
)

// The classes of bytes in a text. Letters beyond ASCII, in whatever encoding, are told apart in other.
const (
	gapByte    = 0
	letterByte = 1
	digitByte  = 2
	otherByte  = 4
)

var byteClass = func() (class [256]byte) {
	for c := range class {
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z':
			class[c] = letterByte
		case c >= '0' && c <= '9':
			class[c] = digitByte
		case c >= 0x80:
			class[c] = otherByte
		}
	}
	return class
}()

// write takes in a piece of text; a word ends with it at the latest.
func (w *wordReader) write(raw []byte) {
	w.start.add(raw)
	var h wordHash
	for i := 0; i < len(raw); {
		switch class := byteClass[raw[i]]; class {
		case letterByte, digitByte:
			end := i + 1
			for end < len(raw) && byteClass[raw[end]]&(letterByte|digitByte) != 0 {
				class |= byteClass[raw[end]]
				end++
			}
			h.digit = h.digit || class&digitByte != 0
			h.addAll(raw, i, end)
			i = end
		case otherByte:
			kind, size := beyondASCII(raw[i:])
			if kind != letterByte && h.length > 0 {
				w.word(h.end())
			}
			for _, c := range raw[i : i+size] {
				if kind != gapByte {
					h.add(c)
				}
			}
			if kind == otherByte { // a word of its own
				w.word(h.end())
			}
			i += size
		default:
			if h.length > 0 {
				w.word(h.end())
			}
			i++
		}
	}
	if h.length > 0 {
		w.word(h.end())
	}
}

// beyondASCII reads one character: a letter of a word, a sign between words (gapByte), or a character of a script without
// blanks, which counts as a word of its own (otherByte). Bytes in another encoding than UTF-8 count as letters.
func beyondASCII(raw []byte) (kind byte, size int) {
	r, size := utf8.DecodeRune(raw)
	switch {
	case r == utf8.RuneError && size == 1:
		return letterByte, 1
	case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul):
		return otherByte, size
	case unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r):
		return letterByte, size
	}
	return gapByte, size
}

// wordHash hashes a word eight bytes at a time, without the case of ASCII letters: 0x20 is what tells them apart, digits and
// bytes beyond ASCII lose nothing that matters by it.
type wordHash struct {
	sum, chunk uint64
	shift      uint
	length     int
	digit      bool
}

func (h *wordHash) add(c byte) {
	h.chunk |= uint64(c|0x20) << h.shift
	h.length++
	if h.shift += 8; h.shift == 64 {
		h.sum = mix(h.sum ^ h.chunk)
		h.chunk, h.shift = 0, 0
	}
}

// addAll is add for all bytes of raw[from:to], which is most of the work.
func (h *wordHash) addAll(raw []byte, from, to int) {
	const lower = 0x2020202020202020
	if h.shift == 0 {
		for ; to-from >= 8; from += 8 {
			h.sum = mix(h.sum ^ (binary.LittleEndian.Uint64(raw[from:]) | lower))
			h.length += 8
		}
		if rest := to - from; rest > 0 && len(raw)-from >= 8 {
			h.shift = uint(8 * rest)
			h.chunk = (binary.LittleEndian.Uint64(raw[from:]) | lower) & (1<<h.shift - 1)
			h.length += rest
			return
		}
	}
	for ; from < to; from++ {
		h.add(raw[from])
	}
}

// end gives the hash, and whether the word has a digit, and makes ready for the next word.
func (h *wordHash) end() (sum uint64, digit bool) {
	sum, digit = mix(h.sum^h.chunk^uint64(h.length)<<56^hashSeed), h.digit
	*h = wordHash{}
	return sum, digit
}

// word takes in a word by its hash.
func (w *wordReader) word(word uint64, digit bool) {
	w.text = (w.text ^ word) * hashPrime
	if digit {
		word = maskWord
	} else {
		w.masked = (w.masked ^ word) * hashPrime
	}
	if w.words >= 2 {
		w.shingle((w.last[0]*hashPrime + w.last[1]*maskWord + word) * hashPrime) // words are mixed already
	}
	w.last[0], w.last[1] = w.last[1], word
	w.words++
}

// mix spreads the bits of a hash (the finaliser of SplitMix64).
func mix(h uint64) uint64 {
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>27) * 0x94d049bb133111eb
	return h ^ h>>31
}

// shingle keeps the smallest hashes, each once.
func (w *wordReader) shingle(h uint64) {
	v := uint32(h >> 32)
	if n := len(w.sketch); n == sketchSize && v >= w.sketch[n-1] {
		return
	}
	if w.sketch == nil {
		w.sketch = make(Sketch, 0, sketchSize+1)
	}
	if i, found := slices.BinarySearch(w.sketch, v); !found {
		w.sketch = slices.Insert(w.sketch, i, v)
		w.sketch = w.sketch[:min(len(w.sketch), sketchSize)]
	}
}

func (w *wordReader) finish(p *Page) {
	p.Text, p.Masked, p.Words, p.Sketch = w.text, w.masked, w.words, w.sketch
}

// hashBytes is FNV-1a over a file's beginning.
func hashBytes(body []byte) uint64 {
	h := uint64(hashSeed)
	for _, c := range body {
		h = (h ^ uint64(c)) * hashPrime
	}
	return h
}
