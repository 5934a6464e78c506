package bpnn.app.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bpnn.app.Cli;
import bpnn.app.TinyData;
import bpnn.app.option.DataOptions;
import bpnn.app.option.SplitOptions;
import bpnn.app.session.CommonOptions;
import bpnn.app.session.Session;
import bpnn.app.session.Terminal;
import bpnn.spi.ReferenceBackend;
import bpnn.web.PlayServer;
import bpnn.web.browser.Browser;
import bpnn.web.browser.OpenPage;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** The page on which networks learn, as people see it. */
@Tag("once")
@Timeout(180)
class PlayPageTest {
    private static final String KNOBS =
            "[{\"hidden\": \"6\", \"batch-size\": \"20\", \"epochs\": \"2\", \"learning-rate\": \"0.003\"}]";

    /** For each picture of a chart, whether anything is in it. */
    private static final String DRAWN_CHARTS = """
            [...document.querySelectorAll(".plot img")].map(image => {
              const canvas = document.createElement("canvas");
              canvas.width = image.naturalWidth;
              canvas.height = image.naturalHeight;
              const context = canvas.getContext("2d");
              context.drawImage(image, 0, 0);
              return context.getImageData(0, 0, canvas.width, canvas.height).data.some(value => value > 0);
            })
            """;

    @TempDir
    static Path folder;

    private static Browser browser;

    private final List<Throwable> faults = new ArrayList<>();
    private Map<String, String> data;
    private Playground playground;
    private PlayServer server;

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

    @BeforeEach
    void serve() throws IOException {
        data = new TreeMap<>(Map.of("dataset", TinyData.in(folder).toString(), "validation", "50"));
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        Session session = new Session(new Terminal(nowhere, nowhere, false, false, 80), new CommonOptions());
        DataOptions images = new DataOptions();
        SplitOptions split = new SplitOptions();
        new CommandLine(images).parseArgs("--dataset=" + data.get("dataset"));
        new CommandLine(split).parseArgs("--validation=" + data.get("validation"), "--limit=250");
        PlayData library = new PlayData(session, images, split);
        playground = new Playground(
                session,
                library,
                library.first(),
                ReferenceBackend::new,
                () -> folder.resolve("play-" + System.nanoTime()));
        server = new PlayServer(new InetSocketAddress("127.0.0.1", 0), "127.0.0.1", playground, faults::add);
    }

    @AfterEach
    void close() {
        playground.close();
        server.close();
        assertThat(faults).isEmpty();
    }

    private URI address(String knobs) {
        String hash = knobs.isEmpty()
                ? ""
                : "#" + URLEncoder.encode(knobs, StandardCharsets.UTF_8).replace("+", "%20");
        return URI.create("http://127.0.0.1:" + server.port() + "/" + hash);
    }

    private OpenPage open(String knobs) {
        OpenPage page = browser.open(address(knobs), Browser.WIDE);
        page.page().waitForSelector(".run");
        waitFor(page.page(), 0, "at the start");
        return page;
    }

    private static void waitFor(Page page, int run, String text) {
        page.waitForFunction(
                "([run, text]) => document.querySelectorAll('.run .state')[run]?.textContent.includes(text)",
                List.of(run, text));
    }

    private static String state(Page page, int run) {
        return page.locator(".run .state").nth(run).textContent();
    }

    private static void assertQuiet(OpenPage page) {
        assertThat(page.complaints()).isEmpty();
        assertThat(page.requests()).isNotEmpty().allMatch(url -> url.startsWith("http://127.0.0.1:"));
    }

    /** Two runs side by side, to the end; both are runs that train gives too, and a page that is opened later sees them. */
    @Test
    void twoRunsLearnAndAreThoseOfTheCommandLine() {
        try (OpenPage opened = open(KNOBS)) {
            Page page = opened.page();
            page.click("#add");
            page.waitForSelector(".run.tone1");
            page.check(".run.tone1 input[name=batch-norm]");
            page.waitForFunction("() => document.querySelector('.insight.tone1 h3')?.textContent === 'batch norm'");
            waitFor(page, 1, "at the start");
            page.click("#start");
            waitFor(page, 0, "; done");
            waitFor(page, 1, "; done");

            assertThat(state(page, 0)).startsWith("Epoch 2.00 of 2 (step 26), ").contains(" % right; done");
            assertThat(page.locator("#loss canvas").count()).isEqualTo(1);
            assertThat(page.locator(".insight.tone1 .layer figcaption").textContent())
                    .matches("Layer 1: [0-9.]+ % saturated, [0-9.]+ % silent");
            for (int run = 0; run < 2; run++) {
                Cli trained = Cli.run(
                        "train",
                        "--backend=cpu",
                        "--dataset=" + data.get("dataset"),
                        "--validation=50",
                        "--hidden=6",
                        "--batch-size=20",
                        "--epochs=2",
                        "--learning-rate=0.003",
                        "--batch-norm=" + (run == 1),
                        "--json",
                        "--out=" + folder.resolve("trained-" + run + "-" + System.nanoTime()));
                String hash = trained.json().get("weightsSha256").textValue();
                assertThat(page.locator(".run .kept").nth(run).textContent()).contains("weights " + hash);
                Path kept = Path.of(
                        page.locator(".run .kept").nth(run).textContent().replaceAll("Kept in (.*), weights.*", "$1"));
                Cli reproduced = Cli.run(
                        "reproduce",
                        kept.resolve("run.json"),
                        "--backend=cpu",
                        "--out",
                        folder.resolve("reproduced-" + System.nanoTime()));
                assertThat(reproduced.out()).as(reproduced.err()).startsWith("Same bits: " + hash);
            }
            try (OpenPage later = browser.open(address(""), Browser.PHONE, ColorScheme.DARK)) {
                later.page().waitForSelector(".run.tone1");
                assertThat(state(later.page(), 1)).isEqualTo(state(page, 1));
                assertThat(later.page().url()).contains("batch-norm").isEqualTo(page.url());
                assertThat(later.overflow()).isZero();
                assertQuiet(later);
            }
            assertQuiet(opened);
        }
    }

    @Test
    void oneStepOneEpochPauseAndBackToTheStart() {
        try (OpenPage opened = open(KNOBS.replace("\"epochs\": \"2\"", "\"epochs\": \"900\""))) {
            Page page = opened.page();
            page.click("#step");
            waitFor(page, 0, "(step 1); paused");
            page.click("#step");
            waitFor(page, 0, "(step 2); paused");
            assertThat(page.locator(".layer canvas").getAttribute("aria-label")).contains("saturated");
            page.click("#epoch");
            waitFor(page, 0, "(step 13), ");
            waitFor(page, 0, "; paused");
            page.click("#start");
            waitFor(page, 0, "images a second");
            page.click("#pause");
            waitFor(page, 0, "; paused");
            String paused = state(page, 0);
            page.waitForTimeout(300);
            assertThat(state(page, 0)).isEqualTo(paused);
            page.click("#reset");
            waitFor(page, 0, "(step 0); at the start");
            assertQuiet(opened);
        }
    }

    @Test
    void drawingsAreReadBeforeWhileAndAfter() {
        try (OpenPage opened = open(KNOBS)) {
            Page page = opened.page();
            page.focus("#pad");
            page.keyboard().press("3");
            page.waitForFunction("() => /^[0-9]$/.test(document.querySelector('.reading b')?.textContent)");
            String before = page.locator(".reading ol").textContent();
            page.click("#start");
            waitFor(page, 0, "; done");
            page.focus("#pad");
            page.keyboard().press("Escape");
            page.waitForFunction("() => document.querySelector('.reading b').textContent === '?'");
            page.keyboard().press("3");
            page.waitForFunction("() => /^[0-9]$/.test(document.querySelector('.reading b').textContent)");

            assertThat(page.locator(".reading ol").textContent()).isNotEqualTo(before);
            assertQuiet(opened);
        }
    }

    @Test
    void aTourLeadsThroughByKeyboard() {
        try (OpenPage opened = open(KNOBS)) {
            Page page = opened.page();
            page.focus("#tours button:nth-child(4)");
            page.keyboard().press("Enter");
            page.waitForFunction("() => document.querySelectorAll('.run').length === 4");
            assertThat(page.locator("#tour-count").textContent()).isEqualTo("Step 1 of 5");
            assertThat(page.evaluate("document.activeElement.id")).isEqualTo("tour-next");
            page.keyboard().press("Enter");
            assertThat(page.locator("#tour-count").textContent()).isEqualTo("Step 2 of 5");
            waitFor(page, 3, "Epoch 1.00 of 5");
            assertThat(page.locator("#tour-answer").textContent()).isEmpty();
            page.focus("#tour-reveal");
            page.keyboard().press("Enter");
            assertThat(page.locator("#tour-answer").textContent())
                    .startsWith("The largest one that does not jump about");
            page.focus("#tour-next");
            for (int step = 3; step <= 5; step++) {
                page.keyboard().press("Enter");
                assertThat(page.locator("#tour-count").textContent()).isEqualTo("Step " + step + " of 5");
            }
            assertThat(page.locator("#tour-next").textContent()).isEqualTo("Finish");
            page.keyboard().press("Enter");
            assertThat(page.locator("#tour").isVisible()).isFalse();
            assertQuiet(opened);
        }
    }

    @ParameterizedTest
    @CsvSource({"LIGHT, 1280", "DARK, 1280", "LIGHT, 390", "DARK, 390"})
    void nothingSeriousIsInTheWayOfAnybody(ColorScheme colours, int width) throws IOException {
        try (OpenPage opened = browser.open(address(KNOBS), new Browser.Window(width, 900), colours)) {
            Page page = opened.page();
            page.waitForSelector(".run");
            waitFor(page, 0, "at the start");
            page.click("#start");
            waitFor(page, 0, "; done");
            page.click("#tours button");
            page.waitForFunction("() => document.querySelectorAll('.run').length === 2");
            assertThat(Accessibility.serious(page)).isEmpty();
            assertThat(opened.overflow()).isZero();
            assertQuiet(opened);
        }
    }

    /** With its curves, and without the server. */
    @Test
    void thePageIsSavedAsOneFile() throws IOException {
        Path file = folder.resolve("saved.html");
        try (OpenPage opened = open(KNOBS)) {
            Page page = opened.page();
            page.click("#start");
            waitFor(page, 0, "; done");
            page.waitForDownload(() -> page.click("#save")).saveAs(file);
            assertQuiet(opened);
        }

        try (OpenPage saved = browser.open(file.toUri(), Browser.WIDE)) {
            assertThat(saved.complaints()).isEmpty();
            assertThat(saved.requests()).containsExactly(file.toUri().toString());
            assertThat(saved.evaluate(
                            "[...document.images].length > 5 && [...document.images].every(i => i.naturalWidth > 0)"))
                    .isEqualTo(true);
            assertThat(String.valueOf(saved.evaluate(DRAWN_CHARTS))).isEqualTo("[true, true, true, true, true, true]");
            assertThat(saved.evaluate("JSON.parse(document.getElementById('curves').textContent)[0].epochs.length"))
                    .isEqualTo(2);
            assertThat(saved.page().locator(".run .kept").textContent())
                    .startsWith("./bpnn train --")
                    .contains(" --hidden 6", " --batch-size 20", "weights ");
            assertThat(saved.page().locator("button, script:not([type])").count())
                    .isZero();
        }
    }

    /** Two pages at once see and steer the same runs; one that is closed stops nothing. */
    @Test
    void twoPagesSeeTheSame() {
        try (OpenPage first = open(KNOBS.replace("\"epochs\": \"2\"", "\"epochs\": \"900\""))) {
            try (OpenPage second = browser.open(address(""), Browser.WIDE)) {
                second.page().waitForSelector(".run");
                assertThat(second.page().url()).isEqualTo(first.page().url());
                second.page().click("#start");
                waitFor(first.page(), 0, "images a second");
                assertQuiet(second);
            }
            String when = state(first.page(), 0);
            first.page().waitForFunction("was => document.querySelector('.run .state').textContent !== was", when);
            first.page().click("#pause");
            waitFor(first.page(), 0, "; paused");
            String paused = state(first.page(), 0);
            first.page().reload();
            waitFor(first.page(), 0, "; paused");
            assertThat(state(first.page(), 0)).isEqualTo(paused);
            assertThat(first.page().locator("input[name=hidden]").inputValue()).isEqualTo("6");
            assertQuiet(first);
        }
    }

    @Test
    void nothingGlidesWhereSomebodyWantsItCalm() {
        try (OpenPage opened = open(KNOBS)) {
            Page page = opened.page();
            page.emulateMedia(new Page.EmulateMediaOptions().setReducedMotion(ReducedMotion.REDUCE));
            page.click("#tours button:nth-child(2)");
            page.waitForSelector(".looked-at");
            page.evaluate(
                    "() => { window.calls = []; Element.prototype.scrollIntoView = function (how) { calls.push(how); }; }");
            page.click("#tour-next");
            page.waitForFunction("() => calls.length > 0");
            assertThat(page.evaluate("calls.every(how => how.behavior === 'auto')"))
                    .isEqualTo(true);
            assertThat(page.evaluate("[...document.querySelectorAll('*')].every(each =>"
                            + " getComputedStyle(each).transitionDuration === '0s'"
                            + " && getComputedStyle(each).animationName === 'none')"))
                    .isEqualTo(true);
            assertQuiet(opened);
        }
    }

    /** The images are a knob like the others, and stand in the address too. */
    @Test
    void otherImagesAreChosenInThePage() {
        try (OpenPage opened = open(KNOBS)) {
            Page page = opened.page();
            page.selectOption("#choice", "synthetic");
            page.waitForFunction("() => document.getElementById('data').textContent.startsWith('synthetic: 250 ')");
            waitFor(page, 0, "at the start");
            assertThat(page.url()).contains("synthetic").contains("hidden");
            page.click("#start");
            waitFor(page, 0, "; done");
            try (OpenPage later = browser.open(URI.create(page.url()), Browser.WIDE)) {
                waitFor(later.page(), 0, "; done");
                assertThat(later.page().locator("#choice").inputValue()).isEqualTo("synthetic");
            }
            assertQuiet(opened);
        }
        assertThatThrownBy(() -> playground.command(
                        new ObjectMapper().readTree("{\"do\": \"runs\", \"data\": \"/etc/passwd\", \"runs\": [{}]}")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("none of the data sets that are here");
    }

    @Test
    void aRunThatDivergesSaysSo() {
        try (OpenPage opened = open(KNOBS.replace(
                "\"learning-rate\": \"0.003\"",
                "\"learning-rate\": \"1e30\", \"optimizer\": \"sgd\", \"activation\": \"relu\""))) {
            opened.page().click("#start");
            waitFor(opened.page(), 0, "the last good weights are kept");
            assertThat(opened.page().locator(".kept").textContent()).startsWith("Kept in ");
            assertQuiet(opened);
        }
    }

    @Test
    void impossibleKnobsAreRefused() {
        try (OpenPage opened = open(KNOBS)) {
            Page page = opened.page();
            page.fill("input[name=hidden]", "many");
            page.press("input[name=hidden]", "Enter");
            page.waitForFunction("() => document.getElementById('status').textContent.includes('many')");
            assertThat(page.locator("#status").textContent()).contains("--hidden");
        }
    }

    @Test
    void whoeverAsksIsLookedAt() throws Exception {
        PlayClient client = new PlayClient(address(""));
        String token = client.token();

        assertThat(client.post("/command", "guessed", "{\"do\": \"start\"}").statusCode())
                .isEqualTo(403);
        assertThat(client.post("/command", token, "{\"do\": \"start\"}", "Origin", "http://evil.example")
                        .statusCode())
                .isEqualTo(403);
        assertThat(client.post("/command", token, "no json").statusCode()).isEqualTo(400);
        assertThat(client.post("/command", token, "[".repeat(5000)).statusCode())
                .isEqualTo(400);
        assertThat(client.post("/nowhere", token, "{}").statusCode()).isEqualTo(404);
        assertThat(client.post("/read", token, "{\"strokes\": []}").statusCode())
                .isEqualTo(422);
        assertThat(client.post("/command", token, "{\"do\": \"runs\", \"runs\": " + KNOBS + "}")
                        .statusCode())
                .isEqualTo(200);
        assertThat(client.post("/command", token, "{\"do\": \"start\"}").statusCode())
                .isEqualTo(200);
        int refused = 0;
        for (int i = 0; i < 400; i++) {
            refused += client.get().statusCode() == 429 ? 1 : 0;
        }
        assertThat(refused).isPositive();
        // The training has not noticed, and the page is there again.
        while (!playground.state().at("/runs/0/status").asText().equals("done")) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
        // Requests are let in again as time passes.
        TimeUnit.MILLISECONDS.sleep(200);
        assertThat(client.post("/command", token, "{\"do\": \"pause\"}").statusCode())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"do\": \"fly\"} | \"fly\" is nothing that can be done",
                "{\"do\": \"runs\", \"runs\": []} | There are 1 to 4 runs, but 0 were asked for",
                "{\"do\": \"runs\", \"runs\": [{}, {}, {}, {}, {}]} | but 5 were asked for",
                "{\"do\": \"runs\", \"runs\": [{\"out\": \"/tmp\"}]} | \"out\" is no knob of this page",
                "{\"do\": \"runs\", \"runs\": [{\"hidden\": \"5000\"}]} | at most 5 hidden layers of 2048 units",
                "{\"do\": \"runs\", \"runs\": [{\"hidden\": \"-3\"}]} | -3",
                "{\"do\": \"runs\", \"runs\": [{\"epochs\": \"100000\"}]} | at most 1000 epochs",
                "{\"do\": \"runs\", \"runs\": [{\"batch-size\": \"1\", \"batch-norm\": \"true\"}]} | too small for batch normalisation",
                "{\"do\": \"runs\", \"runs\": [{\"seed\": [1]}]} | \"seed\" is no knob",
                "{\"do\": \"start\", \"run\": 7} | There is no run 7"
            })
    void whatCannotBeDoneIsRefusedInASentence(String command, String sentence) throws IOException {
        assertThatThrownBy(() -> playground.command(new ObjectMapper().readTree(command)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(sentence);
    }
}
