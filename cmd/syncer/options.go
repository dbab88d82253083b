package main

import (
	"net/url"

	"github.com/spf13/pflag"

	"syncer/enrich"
	"syncer/fetch"
	"syncer/worker"
)

// newNightOptions are those of a whole night, with its flags.
func newNightOptions(f *pflag.FlagSet) *worker.Options {
	o := &worker.Options{Kind: enrich.RunSync}
	f.IntVar(&o.Budget, "budget", worker.DefaultBudget, "requests a night for licences, sizes, withdrawals and missing papers (OAI-PMH), "+
		"and to find out what doubtful citations mean")
	f.BoolVar(&o.SkipLinks, "skip-links", false, "papers only: ask for no other links")
	addLinkFlags(f, &o.Links)
	return o
}

// newVerifyOptions are those of a look at links alone, with its flags.
func newVerifyOptions(f *pflag.FlagSet) *worker.Options {
	o := &worker.Options{Kind: enrich.RunVerify, Budget: worker.DefaultBudget}
	addLinkFlags(f, &o.Links)
	return o
}

// addLinkFlags adds the flags of link checks, the same for sync, serve and verify.
func addLinkFlags(f *pflag.FlagSet, o *worker.LinkOptions) {
	*o = worker.DefaultLinkOptions()
	f.IntVar(&o.PerHost, "per-host", o.PerHost, "requests to one host at a time")
	f.IntVar(&o.Total, "concurrency", o.Total, "requests to all hosts at a time")
	f.DurationVar(&o.HostGap, "host-gap", o.HostGap, "least time between two requests to one host; a host may ask for more")
	f.DurationVar(&o.Timeout, "timeout", o.Timeout, "for one request with its answer; more for links that failed before")
	f.DurationVar(&o.MaxRetryAfter, "max-retry-after", o.MaxRetryAfter, "how long a host that says Retry-After is waited for")
	f.Var((*span)(&o.Grace), "grace", "how long a link must fail, however it fails, before it is broken")
	f.Var((*span)(&o.MaxAge), "max-age", "longest time that a nightly job leaves a good link unchecked")
	f.BoolVar(&o.ProbeArXiv, "probe-arxiv", false, "ask for arXiv's own pages too, one in 15 s, instead of judging by metadata")
	f.BoolVar(&o.Archive, "archive", false, "look for copies of broken links in the Internet Archive")
	f.StringVar(&o.ArchiveURL, "archive-api", o.ArchiveURL, "base `URL` of the Wayback availability interface")
}

// checkOptions refuses what the flags of a run must not say.
func checkOptions(o *worker.Options) error {
	if o.Budget < 0 {
		return usageError("0 asks for nothing but records", "read flags: --budget: %d is negative", o.Budget)
	}
	l := o.Links
	if l.PerHost < 1 || l.Total < 1 || l.HostGap <= 0 || l.Timeout <= 0 || l.MaxRetryAfter <= 0 {
		return usageError("numbers of at least 1 and durations above 0",
			"read flags: --per-host, --concurrency, --host-gap, --timeout or --max-retry-after: out of range")
	}
	return nil
}

// withCommon are the options of a run together with what the common flags say.
func (a *app) withCommon(o *worker.Options) worker.Options {
	whole := *o
	whole.Force, whole.Links.AllowPrivate = a.set.force, a.set.allowPrivate
	whole.SkipLinks = o.SkipLinks || a.worldIsPlayed()
	return whole
}

// worldIsPlayed says whether a nightly job should leave the world's links alone: whoever has a stand-in play arXiv is trying
// things out. Where loopback links are allowed as well, they are asked for.
func (a *app) worldIsPlayed() bool {
	if a.outside.playsLinks || a.set.allowPrivate {
		return false
	}
	u, err := url.Parse(a.set.arxivAPI)
	return err == nil && fetch.IsLoopback(u.Hostname())
}
