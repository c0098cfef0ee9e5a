// Mail as control hosts send it and office hosts fetch it.

#include "captures.h"
#include "wire.h"

#include <string>

namespace sekimori::captures {
namespace {

std::string line(std::string_view words) {
  return std::string{words} + "\r\n";
}

void talk(Session& session, const std::string& said, const std::string& answered) {
  session.say(text(said)).answer(text(answered));
}

/// An alarm goes out behind a login that can be read; another host has TLS begin first.
void smtp_relay(Plant& p) {
  const auto greeting = line("220 mail.corp.example ESMTP Postfix");
  const auto offer = line("250-mail.corp.example") + line("250-STARTTLS") + line("250 AUTH PLAIN");
  auto clear = p.scene.connect(p.scada, p.mail_server, 587);
  clear.answer(text(greeting));
  talk(clear, line("EHLO scada-01.plant.example"), offer);
  talk(clear, line("AUTH PLAIN AGFsYXJtAGFsYXJt"), line("235 2.7.0 ok"));  // alarm, alarm
  talk(clear, line("MAIL FROM:<scada@plant.example>"), line("250 2.1.0 Ok"));
  talk(clear, line("RCPT TO:<duty@corp.example>"), line("250 2.1.5 Ok"));
  talk(clear, line("RCPT TO:<nobody@corp.example>"), line("550 5.1.1 unknown"));
  talk(clear, line("DATA"), line("354 End with a dot"));
  talk(clear, line("Subject: alarm 14") + line("") + line("tank 3 level high") + line("."),
       line("250 2.0.0 queued"));
  talk(clear, line("QUIT"), line("221 2.0.0 Bye"));
  clear.close();

  auto sealed = p.scene.connect(p.historian, p.mail_server, 25);
  sealed.answer(text(greeting));
  talk(sealed, line("EHLO hist.plant.example"), offer);
  talk(sealed, line("STARTTLS"), line("220 2.0.0 Ready"));
  sealed.say(hex("160303 0020") + noise(32, 71)).answer(hex("160303 0030") + noise(48, 72));
  sealed.close();
}

void pop3_mailbox(Plant& p) {
  auto session = p.scene.connect(p.sales_pc, p.mail_server, 110);
  session.answer(text(line("+OK Dovecot ready.")));
  talk(session, line("USER sato"), line("+OK"));
  talk(session, line("PASS wrong-guess1"), line("-ERR Authentication failed."));
  talk(session, line("USER sato"), line("+OK"));
  talk(session, line("PASS sato"), line("+OK Logged in."));
  talk(session, line("LIST"), line("+OK 1 messages:") + line("1 47") + line("."));
  talk(session, line("RETR 1"),
       line("+OK 47 octets") + line("Subject: lunch") + line("") + line("+OK at noon") + line("."));
  talk(session, line("DELE 1"), line("+OK Marked to be deleted."));
  talk(session, line("QUIT"), line("+OK Logging out."));
  session.close();
}

void imap_mailbox(Plant& p) {
  auto session = p.scene.connect(p.office_pc, p.mail_server, 143);
  session.answer(text(line("* OK [CAPABILITY IMAP4rev1 STARTTLS] Dovecot (Debian) ready.")));
  talk(session, line(R"(a1 ID ("name" "Thunderbird" "version" "115.6"))"),
       line(R"(* ID ("name" "Dovecot"))") + line("a1 OK ID completed."));
  talk(session, line(R"(a2 LOGIN tanaka "kaki no ha 8")"), line("a2 OK Logged in"));
  talk(session, line("a3 SELECT INBOX"), line("* 1 EXISTS") + line("a3 OK [READ-WRITE] done"));
  talk(session, line("a4 UID FETCH 1 (BODY[])"),
       line("* 1 FETCH (UID 1 BODY[] {18}") + line("Subject: lunch") + line("") + line(")") +
           line("a4 OK Fetch completed."));
  talk(session, line("a5 SELECT Old"), line("a5 NO Mailbox doesn't exist"));
  talk(session, line("a6 LOGOUT"), line("* BYE Logging out") + line("a6 OK done"));
  session.close();
}

const ProtocolRecipe relay{{"smtp-relay", smtp_relay}};
const ProtocolRecipe post{{"pop3-mailbox", pop3_mailbox}};
const ProtocolRecipe folder{{"imap-mailbox", imap_mailbox}};

}  // namespace
}  // namespace sekimori::captures
