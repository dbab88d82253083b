package worker

import (
	"errors"
	"fmt"
	"time"

	"syncer/enrich"
	"syncer/enrich/link"
	"syncer/fetch/probe"
)

// DefaultBudget bounds what one night asks beside the records themselves: 60 requests are three minutes of arXiv's time.
const DefaultBudget = 60

// Options are the settings of one run.
type Options struct {
	Kind   enrich.RunKind // enrich.RunSync, the whole night, or enrich.RunVerify, one look at the links
	Force  bool           // ask again even for what is fresh
	Budget int            // requests beside those for records and versions: by OAI-PMH, and about doubtful citations
	// SkipLinks leaves the other links alone in a night.
	SkipLinks bool
	Links     LinkOptions
}

// LinkOptions are the settings of link checks. Zero numbers and times are the prober's own defaults, but for Grace and MaxAge.
type LinkOptions struct {
	PerHost, Total int           // requests at a time, to one host and to all
	HostGap        time.Duration // least time between two requests to one host; a host may ask for more
	Timeout        time.Duration // for one request with its answer; more for links that failed before
	MaxRetryAfter  time.Duration // how long a host that says Retry-After is waited for
	Grace          time.Duration // how long a link must fail, however it fails, before it is broken
	MaxAge         time.Duration // longest time that a nightly job leaves a good link unchecked
	AllowPrivate   bool          // links may lead to loopback, private and link-local addresses
	ProbeArXiv     bool          // ask for arXiv's own pages too, instead of judging by metadata
	Archive        bool          // look for copies of broken links in the Internet Archive
	ArchiveURL     string        // of the Wayback availability interface; empty is the real one
}

// DefaultLinkOptions are the settings of who says nothing.
func DefaultLinkOptions() LinkOptions {
	return LinkOptions{
		PerHost: 2, Total: 64, HostGap: 40 * time.Millisecond, Timeout: 15 * time.Second, MaxRetryAfter: 2 * time.Minute,
		Grace: link.DefaultGrace, MaxAge: link.DefaultMaxAge, ArchiveURL: probe.DefaultArchive,
	}
}

// check refuses what no run can be made of.
func (o *Options) check() error {
	if o.Kind != enrich.RunSync && o.Kind != enrich.RunVerify {
		return &OptionError{fmt.Errorf("%q is no kind of run", o.Kind)}
	}
	if o.Budget < 0 {
		return &OptionError{errors.New("the budget is negative")}
	}
	return nil
}

// linksOnly is a single look at links: every one that is not fresh is asked for, and what is plain is believed at once.
func (o *Options) linksOnly() bool { return o.Kind == enrich.RunVerify }

// ChecksLinks says whether the other links are asked for.
func (o *Options) ChecksLinks() bool { return o.linksOnly() || !o.SkipLinks }

// policy says how sure to be of a verdict.
func (o *Options) policy() link.Policy {
	return link.Policy{AtOnce: o.linksOnly(), Grace: o.Links.Grace}
}
