package bpnn.web;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;

/** The files of the page; there are no others, whatever a request asks for. */
final class PageFile {
    private static final String SCRIPT = "text/javascript; charset=utf-8";

    private static final Map<String, Response> FILES = Map.of(
            "/", read("page.html", "text/html; charset=utf-8"),
            "/page.css", read("page.css", "text/css; charset=utf-8"),
            "/page.js", read("page.js", SCRIPT),
            "/pad.js", read("pad.js", SCRIPT),
            "/layer.js", read("layer.js", SCRIPT),
            "/icon.svg", read("icon.svg", "image/svg+xml"));

    private PageFile() {}

    static Response at(String path) throws RequestException {
        Response file = FILES.get(path);
        if (file == null) {
            throw new RequestException(404, "There is nothing of that name here.");
        }
        return file;
    }

    private static Response read(String name, String type) {
        try (InputStream in = PageFile.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("The page's file " + name + " is missing from the program");
            }
            return new Response(200, type, in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
