// Package console serves the browser listener: the factory's API in JSON, and later the pages. Who calls is known from a
// voucher: an AWS request the caller signed and this server sends, so that nobody's keys come here.
package console
