package storage

import (
	"time"

	"syncer/enrich/link"
)

// The stored form of what a look at a link saw. It is this file's alone: fields of package link may change their names, and
// what is stored stays readable. A name here changes only with a migration.

// storedProbe is a link.Probe as kept in link_check and host_check.
type storedProbe struct {
	At          time.Time   `json:"At"`
	Hops        []storedHop `json:"Hops,omitempty"`
	FinalURL    string      `json:"FinalURL"`
	Status      int         `json:"Status,omitempty"`
	Fault       string      `json:"Fault,omitempty"`
	Detail      string      `json:"Detail,omitempty"`
	TLS         string      `json:"TLS,omitempty"`
	Barrier     string      `json:"Barrier,omitempty"`
	Elsewhere   bool        `json:"Elsewhere,omitempty"`
	NotModified bool        `json:"NotModified,omitempty"`
	Missing     string      `json:"Missing,omitempty"`
	Page        *storedPage `json:"Page,omitempty"`
}

// storedHop is a link.Hop.
type storedHop struct {
	URL    string `json:"URL"`
	Status int    `json:"Status"`
}

// storedPage is a link.Page as kept in a probe and in a link's memory.
type storedPage struct {
	Type         string      `json:"Type,omitempty"`
	Length       int64       `json:"Length"`
	ETag         string      `json:"ETag,omitempty"`
	LastModified string      `json:"LastModified,omitempty"`
	Title        string      `json:"Title,omitempty"`
	Text         uint64      `json:"Text"`
	Masked       uint64      `json:"Masked"`
	Words        int         `json:"Words,omitempty"`
	Cut          bool        `json:"Cut,omitempty"`
	Sketch       link.Sketch `json:"Sketch,omitempty"` // as text, which link.Sketch defines
	Apology      bool        `json:"Apology,omitempty"`
	Script       bool        `json:"Script,omitempty"`
	Barrier      string      `json:"Barrier,omitempty"`
	Parked       bool        `json:"Parked,omitempty"`
}

func storeProbe(p link.Probe) storedProbe {
	s := storedProbe{
		At: p.At, FinalURL: p.FinalURL, Status: p.Status, Fault: string(p.Fault), Detail: p.Detail, TLS: p.TLS, Barrier: p.Barrier,
		Elsewhere: p.Elsewhere, NotModified: p.NotModified, Missing: p.Missing, Page: storePage(p.Page),
	}
	for _, h := range p.Hops {
		s.Hops = append(s.Hops, storedHop(h))
	}
	return s
}

func (s storedProbe) probe() link.Probe {
	p := link.Probe{
		At: s.At, FinalURL: s.FinalURL, Status: s.Status, Fault: link.Fault(s.Fault), Detail: s.Detail, TLS: s.TLS, Barrier: s.Barrier,
		Elsewhere: s.Elsewhere, NotModified: s.NotModified, Missing: s.Missing, Page: s.Page.page(),
	}
	for _, h := range s.Hops {
		p.Hops = append(p.Hops, link.Hop(h))
	}
	return p
}

func storePage(p *link.Page) *storedPage {
	if p == nil {
		return nil
	}
	return &storedPage{
		Type: p.Type, Length: p.Length, ETag: p.ETag, LastModified: p.LastModified, Title: p.Title, Text: p.Text, Masked: p.Masked,
		Words: p.Words,
		Cut:   p.Cut, Sketch: p.Sketch, Apology: p.Apology, Script: p.Script, Barrier: p.Barrier, Parked: p.Parked,
	}
}

func (s *storedPage) page() *link.Page {
	if s == nil {
		return nil
	}
	return &link.Page{
		Type: s.Type, Length: s.Length, ETag: s.ETag, LastModified: s.LastModified, Title: s.Title, Text: s.Text, Masked: s.Masked,
		Words: s.Words,
		Cut:   s.Cut, Sketch: s.Sketch, Apology: s.Apology, Script: s.Script, Barrier: s.Barrier, Parked: s.Parked,
	}
}

// linkMemory is what of a link's state is nobody's business but the next check's.
type linkMemory struct {
	Pending      string      `json:"pending,omitempty"`
	Strikes      int         `json:"strikes,omitempty"`
	PendingSince time.Time   `json:"since,omitzero"`
	PendingURL   string      `json:"url,omitempty"`
	Conditional  int         `json:"conditional,omitempty"`
	Page         *storedPage `json:"page,omitempty"`
	PageURL      string      `json:"page_url,omitempty"`
}

// rememberedOf is what a link's memory column holds; empty when there is nothing to remember.
func rememberedOf(s link.State) string {
	if s.Pending == "" && s.Page == nil && s.Conditional == 0 {
		return ""
	}
	return toJSON(
		linkMemory{string(s.Pending), s.Strikes, s.PendingSince, s.PendingURL, s.Conditional, storePage(s.Page), storable(s.PageURL)},
	)
}

// recall reads a link's memory into its state.
func recall(s *link.State, memory string) error {
	if memory == "" {
		return nil
	}
	m, err := fromJSON[linkMemory](memory)
	s.Pending, s.Strikes, s.PendingSince, s.PendingURL = link.Verdict(m.Pending), m.Strikes, m.PendingSince, m.PendingURL
	s.Conditional, s.Page, s.PageURL = m.Conditional, m.Page.page(), m.PageURL
	return err
}
