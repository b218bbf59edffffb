module github.com/secondsource/secondsource/claims/eval/peers

go 1.26.7

replace github.com/secondsource/secondsource => ../../..

require (
	github.com/jdkato/prose/v2 v2.0.0
	github.com/secondsource/secondsource v0.0.0-00010101000000-000000000000
)

require (
	github.com/clipperhouse/uax29/v2 v2.7.0 // indirect
	github.com/deckarep/golang-set v1.7.1 // indirect
	github.com/mingrammer/commonregex v1.0.1 // indirect
	golang.org/x/text v0.43.0 // indirect
	gonum.org/v1/gonum v0.7.0 // indirect
	gopkg.in/neurosnap/sentences.v1 v1.0.6 // indirect
)
