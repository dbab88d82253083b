package seeds

import (
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// goldmark takes time with the square of how deep blocks are nested, of how many brackets or asterisks one block has, and of
// how many lines of link definitions stand together. People nest a dozen levels and write some hundred links into a
// paragraph. What goes beyond the bounds is read as text, in which identifiers and URLs are found all the same.
const (
	maxDepth       = 100     // of quotes, lists and items in each other
	maxInline      = 4000    // tries of each inline parser in one block,
	maxInlineBytes = 1 << 28 // each of which may read the whole block
	maxDefinitions = 5000    // lines
)

// newMarkdown gives a parser of CommonMark with GitHub's tables, bare URLs and strike-through, within the bounds. It keeps
// state: one for each text.
func newMarkdown() parser.Parser {
	var blocks, inlines []util.PrioritizedValue
	for _, p := range parser.DefaultBlockParsers() {
		switch p.Priority {
		case 300, 400, 800: // list, item, quote
			p.Value = &shallow{p.Value.(parser.BlockParser)}
		}
		blocks = append(blocks, p)
	}
	for _, p := range append(parser.DefaultInlineParsers(),
		util.Prioritized(extension.NewLinkifyParser(), 999), util.Prioritized(extension.NewStrikethroughParser(), 500)) {
		inner := p.Value.(parser.InlineParser)
		closer, _ := inner.(parser.CloseBlocker)
		inlines = append(inlines, util.Prioritized(&bounded{InlineParser: inner, closer: closer}, p.Priority))
	}
	p := parser.NewParser(parser.WithBlockParsers(blocks...), parser.WithInlineParsers(inlines...),
		parser.WithParagraphTransformers(util.Prioritized(definitions{parser.LinkReferenceParagraphTransformer}, 100)))
	return goldmark.New(goldmark.WithParser(p), goldmark.WithExtensions(extension.Table)).Parser()
}

// shallow opens no block below maxDepth others.
type shallow struct{ parser.BlockParser }

func (s *shallow) Open(parent ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	depth := 0
	for n := parent; n != nil; n = n.Parent() {
		if depth++; depth > maxDepth {
			return nil, parser.NoChildren
		}
	}
	return s.BlockParser.Open(parent, reader, pc)
}

// bounded is an inline parser that gives up a block after so many tries.
type bounded struct {
	parser.InlineParser
	closer parser.CloseBlocker // nil for most
	block  ast.Node            // the last one
	tries  int                 // tries in it
}

func (p *bounded) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	if parent != p.block {
		p.block, p.tries = parent, maxInline
		if lines := parent.Lines(); lines.Len() > 0 {
			size := lines.At(lines.Len()-1).Stop - lines.At(0).Start
			p.tries = min(p.tries, maxInlineBytes/max(size, 1))
		}
	}
	if p.tries--; p.tries < 0 {
		return nil
	}
	return p.InlineParser.Parse(parent, block, pc)
}

func (p *bounded) CloseBlock(parent ast.Node, block text.Reader, pc parser.Context) {
	if p.closer != nil {
		p.closer.CloseBlock(parent, block, pc)
	}
}

// definitions reads [label]: URL, when there are not too many in one place.
type definitions struct{ parser.ParagraphTransformer }

func (d definitions) Transform(node *ast.Paragraph, reader text.Reader, pc parser.Context) {
	if node.Lines().Len() <= maxDefinitions {
		d.ParagraphTransformer.Transform(node, reader, pc)
	}
}
