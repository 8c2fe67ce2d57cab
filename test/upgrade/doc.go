// Package upgrade has this program go on with what an earlier version left in the middle of its work, on SQLite and on PostgreSQL.
//
// testdata holds what a commit of the day before left when it was killed: its two databases, and the requests as it last told
// of them. TestMake makes it again, from any binary:
//
//	ACCOUNTFACTORY_PREVIOUS=/path/to/accountfactory go test -tags fixtures ./test/upgrade -run TestMake
package upgrade
