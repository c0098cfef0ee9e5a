// A camera is asked for its pictures.

#include "captures.h"
#include "wire.h"

#include <string>

namespace sekimori::captures {
namespace {

std::string line(const std::string& words) {
  return words + "\r\n";
}

void rtsp_camera(Plant& p) {
  auto& camera = p.scene.station("ac:cc:8e:30:00:60", "10.30.0.60", Plant::kControl);  // Axis
  auto session = p.scene.connect(p.hmi, camera, 554);
  int number = 0;
  const auto ask = [&](const std::string& method, const std::string& fields) {
    session.say(text(line(method + " rtsp://10.30.0.60/stream RTSP/1.0") +
                     line("CSeq: " + std::to_string(++number)) + line("User-Agent: Wall/1.4") +
                     fields + line("")));
  };
  const auto tell = [&](const std::string& status, const std::string& fields) {
    session.answer(text(line("RTSP/1.0 " + status) + line("CSeq: " + std::to_string(number)) +
                        line("Server: GStreamer RTSP server") + fields));
  };
  ask("OPTIONS", "");
  tell("200 OK", line("Public: DESCRIBE, SETUP, PLAY, TEARDOWN") + line(""));
  ask("DESCRIBE", "");
  tell("401 Unauthorized", line("WWW-Authenticate: Basic realm=\"Tank yard\"") + line(""));
  const std::string description{"v=0\r\ns=yard\r\n"};
  ask("DESCRIBE", line("Authorization: Basic cm9vdDpwYXNz"));  // root, pass
  tell("200 OK",
       line("Content-Length: " + std::to_string(description.size())) + line("") + description);
  ask("SETUP", line("Transport: RTP/AVP/TCP;interleaved=0-1"));
  tell("200 OK", line("Session: 81") + line(""));
  ask("PLAY", line("Session: 81"));
  tell("200 OK", line("Session: 81") + line(""));
  session.answer(joined({hex("24 00"), be16(64), noise(64, 8)}));
  ask("TEARDOWN", line("Session: 81"));
  tell("200 OK", line(""));
  session.close();
}

const ProtocolRecipe camera{{"rtsp-camera", rtsp_camera}};

}  // namespace
}  // namespace sekimori::captures
