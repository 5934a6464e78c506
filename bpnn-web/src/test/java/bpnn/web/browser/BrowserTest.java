package bpnn.web.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the tests of pages rely on: a bad page is noticed. */
class BrowserTest {
    private static Browser browser;

    @TempDir
    Path folder;

    @BeforeAll
    static void start() {
        browser = Browser.start();
    }

    @AfterAll
    static void stop() {
        if (browser != null) {
            browser.close();
        }
    }

    private OpenPage open(String body) throws IOException {
        Path file = Files.writeString(
                folder.resolve("page.html"),
                "<!doctype html><link rel=\"icon\" href=\"data:,\"><body style=\"margin:0\">" + body);
        return browser.open(file.toUri(), Browser.PHONE);
    }

    @Test
    void aPageWithoutFaultsHasNone() throws IOException {
        try (OpenPage page = open("<p>Nothing.")) {
            assertThat(page.complaints()).isEmpty();
            assertThat(page.requests()).hasSize(1);
            assertThat(page.overflow()).isZero();
        }
    }

    @Test
    void errorsAreHeard() throws IOException {
        try (OpenPage page = open("<script>console.error('one'); missing();</script>")) {
            assertThat(page.complaints())
                    .hasSize(2)
                    .anySatisfy(complaint -> assertThat(complaint).contains("one"))
                    .anySatisfy(complaint -> assertThat(complaint).contains("missing"));
        }
    }

    @Test
    void requestsAreSeen() throws IOException {
        try (OpenPage page = open("<img src=\"other.png\" alt=\"\">")) {
            assertThat(page.requests()).hasSize(2).last().asString().endsWith("other.png");
        }
    }

    @Test
    void whatIsWiderThanThePhoneIsMeasured() throws IOException {
        try (OpenPage page = open("<div style=\"width:500px\">wide</div>")) {
            assertThat(page.overflow()).isEqualTo(500 - Browser.PHONE.width());
        }
    }
}
