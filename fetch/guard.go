package fetch

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
)

// gofeed follows nested elements by recursion, copies the name spaces in scope for every element, and joins the text of
// an unknown element piece by piece. A feed made for it could so overflow the stack, which no recover stops, or take
// hours. These limits, far above any real answer, keep its work in proportion to the size of the feed.
const (
	maxDepth        = 8        // feed, entry, author, name make four
	maxTag          = 16 << 10 // one start tag; the link to the question names a hundred identifiers
	maxDeclarations = 8        // of name spaces in one tag; three are usual
	maxElement      = 32 << 10 // one element that is neither the feed nor an entry; an abstract is 2 KB
)

// checkFeed says whether data begins with a UTF-8 Atom feed within the limits, and complete. What follows the feed is
// not looked at: gofeed does not either. The error tells a person what arrived instead.
func checkFeed(data []byte) error {
	if err := checkRoot(data); err != nil {
		return err
	}
	type open struct {
		at     int
		capped bool
	}
	var stack []open // the elements open at pos
	for pos := 0; ; {
		i := bytes.IndexByte(data[pos:], '<')
		if i < 0 {
			return errCutOff(len(data))
		}
		pos += i
		rest := data[pos:]
		skip := -1
		switch {
		case bytes.HasPrefix(rest, []byte("<!--")):
			skip = after(rest, 4, "-->")
		case bytes.HasPrefix(rest, []byte("<![CDATA[")):
			skip = after(rest, 9, "]]>")
		case bytes.HasPrefix(rest, []byte("<!")):
			return errors.New("the answer has a document type, which arXiv's feeds have not")
		case bytes.HasPrefix(rest, []byte("<?")):
			// A declaration in here could change the encoding half-way, and with it what is a tag.
			if len(stack) > 0 && bytes.HasPrefix(rest, []byte("<?xml")) {
				return errors.New("the answer has an XML declaration inside the feed")
			}
			skip = after(rest, 2, "?>")
		case bytes.HasPrefix(rest, []byte("</")):
			skip = after(rest, 2, ">")
			if skip < 0 || len(stack) == 0 {
				return errCutOff(len(data))
			}
			top := stack[len(stack)-1]
			if top.capped && pos+skip-top.at > maxElement {
				return fmt.Errorf("an element of the feed is larger than %d KiB", maxElement>>10)
			}
			if stack = stack[:len(stack)-1]; len(stack) == 0 {
				return nil
			}
		default:
			var empty bool
			skip, empty = tagEnd(rest)
			if skip < 0 {
				break
			}
			tag := rest[:skip]
			if len(tag) > maxTag || bytes.Count(tag, []byte("xmlns")) > maxDeclarations {
				return errors.New("a tag of the feed is unreasonably large")
			}
			if empty {
				break
			}
			if stack = append(stack, open{pos, !isContainer(tag, len(stack))}); len(stack) > maxDepth {
				return fmt.Errorf("elements of the feed are nested more than %d deep", maxDepth)
			}
		}
		if skip < 0 {
			return errCutOff(len(data))
		}
		pos += skip
	}
}

// checkRoot says whether the first element is Atom's feed, without a prefix as arXiv writes it, in UTF-8 (a decoder
// without a CharsetReader refuses every other declared encoding).
func checkRoot(data []byte) error {
	d := newDecoder(bytes.NewReader(data))
	for {
		tok, err := d.RawToken()
		if err == io.EOF {
			return fmt.Errorf("the answer is no XML: %s", Excerpt(data))
		}
		if err != nil {
			return fmt.Errorf("the answer is no XML: %w: %s", err, Excerpt(data))
		}
		root, ok := tok.(xml.StartElement)
		if !ok {
			continue
		}
		if root.Name.Space == "" && root.Name.Local == "feed" {
			for _, a := range root.Attr {
				if a.Name.Space == "" && a.Name.Local == "xmlns" && a.Value == atomSpace {
					return nil
				}
			}
		}
		return fmt.Errorf("the answer is <%s> markup and no Atom feed: %s", Clip(root.Name.Local), Excerpt(data))
	}
}

// isContainer says whether the element that tag opens, with depth others around it, may be of any size: the feed, and
// the entries in it. An entry with an attribute could be in another name space, and is then kept small like the rest.
func isContainer(tag []byte, depth int) bool {
	return depth == 0 || depth == 1 && string(tag) == "<entry>"
}

// after is the length of data up to and including the first end that begins at from or later; -1 without one.
func after(data []byte, from int, end string) int {
	i := bytes.Index(data[from:], []byte(end))
	if i < 0 {
		return -1
	}
	return from + i + len(end)
}

// tagEnd is the length of the start tag at the beginning of data, -1 when it does not end, and whether it closes itself.
func tagEnd(data []byte) (n int, empty bool) {
	var quote byte
	for i, b := range data {
		switch {
		case quote != 0:
			if b == quote {
				quote = 0
			}
		case b == '"' || b == '\'':
			quote = b
		case b == '>':
			return i + 1, data[i-1] == '/'
		}
	}
	return -1, false
}

func errCutOff(n int) error {
	return fmt.Errorf("the answer is cut off after %d bytes: %w", n, io.ErrUnexpectedEOF)
}

// withoutControls drops the control characters that XML forbids, as gofeed does on reading, so that what is checked is
// what is parsed.
func withoutControls(data []byte) []byte {
	if !slices.ContainsFunc(data, isForbidden) {
		return data
	}
	return slices.DeleteFunc(slices.Clone(data), isForbidden)
}

func isForbidden(b byte) bool { return b < ' ' && b != '\t' && b != '\n' && b != '\r' }
