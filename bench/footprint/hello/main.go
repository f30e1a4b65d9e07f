// Command hello is the least daemon that could do indy's job: it links the same Google
// clients and the same SQLite, opens a database, makes the clients, says "ready" and waits
// for a signal. The footprint of indy is measured next to it.
package main

import (
	"context"
	"database/sql"
	"fmt"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata"

	"google.golang.org/api/calendar/v3"
	"google.golang.org/api/gmail/v1"
	"google.golang.org/api/option"
	_ "modernc.org/sqlite"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: hello DATABASE")
		os.Exit(2)
	}
	if err := serve(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "hello:", err)
		os.Exit(1)
	}
}

func serve(path string) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	db, err := sql.Open("sqlite", "file:"+path+"?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)")
	if err != nil {
		return err
	}
	defer db.Close()
	if _, err := db.ExecContext(ctx, `CREATE TABLE IF NOT EXISTS hello (name TEXT PRIMARY KEY)`); err != nil {
		return err
	}
	client := option.WithHTTPClient(&http.Client{})
	mail, err := gmail.NewService(ctx, client)
	if err != nil {
		return err
	}
	events, err := calendar.NewService(ctx, client)
	if err != nil {
		return err
	}
	fmt.Println("ready")
	<-ctx.Done()
	_, _ = mail.Users, events.Events // both live as long as the daemon
	return nil
}
