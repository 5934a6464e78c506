package bpnn.web;

import static org.assertj.core.api.Assertions.assertThat;

import bpnn.io.model.Combination;
import bpnn.io.model.LoadedModel;
import bpnn.io.model.Model;
import bpnn.spi.Activation;
import bpnn.spi.Backend;
import bpnn.spi.ReferenceBackend;
import bpnn.web.browser.Browser;
import bpnn.web.browser.OpenPage;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Mouse;
import com.microsoft.playwright.options.BoundingBox;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.WaitForSelectorState;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The page in a browser: what is drawn is read. */
@Tag("once")
class PageTest {
    private static final Backend BACKEND = new ReferenceBackend();
    private static final List<ServedModel> MODELS = new ArrayList<>();
    private static Browser browser;

    private final List<Throwable> faults = new ArrayList<>();
    private DrawingServer server;
    private OpenPage page;
    private boolean complaintsExpected;

    @BeforeAll
    static void train() {
        browser = Browser.start();
        add("plain", TrainedModels.train(6, Activation.TANH, false));
        add("<b>relu</b>", TrainedModels.train(6, Activation.RELU, true));
    }

    private static void add(String name, Model model) {
        MODELS.add(new ServedModel(name, model, LoadedModel.forSingleImages(BACKEND, model)));
    }

    @AfterAll
    static void close() {
        MODELS.forEach(model -> model.members().forEach(LoadedModel::close));
        BACKEND.close();
        if (browser != null) {
            browser.close();
        }
    }

    @BeforeEach
    void serve() throws IOException {
        server = new DrawingServer(new InetSocketAddress("127.0.0.1", 0), "127.0.0.1", MODELS, faults::add);
        open(Browser.WIDE, ColorScheme.LIGHT);
    }

    private void open(Browser.Window window, ColorScheme colours) {
        if (page != null) {
            page.close();
        }
        page = browser.open(URI.create("http://127.0.0.1:" + server.port() + "/"), window, colours);
        page.page().locator(".model").nth(1).waitFor();
    }

    @AfterEach
    void noComplaints() {
        assertThat(page.complaints().isEmpty())
                .as("complaints: %s", page.complaints())
                .isEqualTo(!complaintsExpected);
        assertThat(page.requests()).allMatch(url -> url.startsWith("http://127.0.0.1:" + server.port() + "/"));
        assertThat(faults).isEmpty();
        page.close();
        server.close();
    }

    /** Draws with the mouse; coordinates in hundredths of the sheet, strokes divided by semicolons. */
    private void draw(String strokes) {
        BoundingBox box = page.page().locator("#pad").boundingBox();
        Mouse mouse = page.page().mouse();
        for (String stroke : strokes.split(";")) {
            String[] numbers = stroke.strip().split(" ");
            for (int i = 0; i < numbers.length; i += 2) {
                double x = box.x + box.width * Double.parseDouble(numbers[i]) / 100;
                double y = box.y + box.height * Double.parseDouble(numbers[i + 1]) / 100;
                mouse.move(x, y, new Mouse.MoveOptions().setSteps(i == 0 ? 1 : 5));
                if (i == 0) {
                    mouse.down();
                }
            }
            mouse.up();
        }
    }

    private Locator digit(int model) {
        return page.page().locator(".digit b").nth(model);
    }

    private void assertBothRead(String digit) {
        for (int model = 0; model < 2; model++) {
            Locator shown = digit(model).filter(new Locator.FilterOptions().setHasText(digit));
            shown.waitFor(new Locator.WaitForOptions().setTimeout(5000));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ':',
            value = {
                "50 15 35 22 27 38 26 58 33 76 50 84 65 77 73 60 73 40 66 23 50 15 : 0",
                "50 14 50 85 : 1",
                "30 32 38 20 50 15 64 21 68 35 60 50 45 66 28 82 ; 28 82 74 82 : 2",
                "28 18 73 18 ; 73 18 60 42 48 64 43 86 : 7",
            })
    void whatIsDrawnWithTheMouseIsRead(String strokes, String digit) {
        draw(strokes);

        assertBothRead(digit);
        // What is read aloud waits for a pause in the drawing.
        page.page()
                .locator("#status")
                .filter(new Locator.FilterOptions().setHasText("plain reads " + digit))
                .waitFor(new Locator.WaitForOptions()
                        .setState(WaitForSelectorState.ATTACHED)
                        .setTimeout(5000));
        assertThat(page.page().locator("#status").textContent()).contains("<b>relu</b> reads " + digit);
        assertThat(page.page().locator(".model .bars .best")).satisfies(best -> {
            assertThat(best.count()).isEqualTo(2);
            assertThat(best.first().textContent()).startsWith(digit);
        });
    }

    /** Its probabilities are the mean of its members', its units those of the first. */
    @Test
    void severalNetworksTogetherReadAsOne() throws IOException {
        server.close();
        List<LoadedModel> members =
                MODELS.stream().flatMap(model -> model.members().stream()).toList();
        ServedModel together = new ServedModel("both", MODELS.get(0).model(), members, Combination.PROBABILITIES);
        server = new DrawingServer(
                new InetSocketAddress("127.0.0.1", 0), "127.0.0.1", List.of(together, MODELS.get(0)), faults::add);
        open(Browser.WIDE, ColorScheme.LIGHT);

        draw("30 32 38 20 50 15 64 21 68 35 60 50 45 66 28 82 ; 28 82 74 82");

        assertBothRead("2");
        assertThat(page.page().locator(".model").first().textContent())
                .contains("784 → 64 → 32 → 10 · 2 networks together, the units of the first · tanh");
        assertThat(page.page().locator(".model").nth(1).textContent()).doesNotContain("together");
    }

    @Test
    void whatTheNetworkSeesIsShown() {
        assertThat(inkSeen()).isZero();
        draw("50 14 50 85");
        assertBothRead("1");

        assertThat(inkSeen()).isBetween(20, 120);
    }

    /** Pixels of the small picture that are more than half white. */
    private int inkSeen() {
        return pixels("#seen", "values => values.filter(v => v > 127).length");
    }

    /** Something about the red channel of a canvas of 28x28 pixels, read from a copy, for Chromium minds otherwise. */
    private int pixels(String canvas, String question) {
        return (int) page.evaluate("(() => { const copy = new OffscreenCanvas(28, 28).getContext('2d');"
                + "copy.drawImage(document.querySelector('" + canvas + "'), 0, 0);"
                + "return (" + question + ")([...copy.getImageData(0, 0, 28, 28).data].filter((v, i) => i % 4 === 0));"
                + "})()");
    }

    @Test
    void clearBeginsAnewAndUndoTakesAStrokeBack() {
        draw("28 18 73 18 ; 73 18 60 42 48 64 43 86");
        assertBothRead("7");
        page.page().locator("#undo").click();
        page.page().locator("#undo").click();
        assertBothRead("?");
        assertThat(inkSeen()).isZero();
        draw("50 14 50 85");
        assertBothRead("1");
        page.page().locator("#clear").click();
        assertBothRead("?");
    }

    @Test
    void aFingerDrawsToo() {
        String finger = """
                (() => {
                  const pad = document.getElementById('pad');
                  const box = pad.getBoundingClientRect();
                  pad.setPointerCapture = () => {};
                  const send = (type, x, y) => pad.dispatchEvent(new PointerEvent(type, {
                    pointerType: 'touch', isPrimary: true, pointerId: 5, button: type === 'pointermove' ? -1 : 0,
                    clientX: box.left + x * box.width, clientY: box.top + y * box.height, bubbles: true }));
                  send('pointerdown', 0.5, 0.14);
                  for (let y = 0.14; y < 0.86; y += 0.02) send('pointermove', 0.5, y);
                  send('pointerup', 0.5, 0.86);
                })()""";
        page.evaluate(finger);

        assertBothRead("1");
        assertThat(page.evaluate("getComputedStyle(document.getElementById('pad')).touchAction"))
                .as("a finger draws instead of scrolling")
                .isEqualTo("none");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "2", "3", "7", "8"})
    void aKeyDrawsAnExample(String digit) {
        page.page().locator("#pad").focus();
        page.page().keyboard().press(digit);

        assertBothRead(digit);
    }

    @Test
    void thePenIsMovedByKeys() {
        page.page().locator("#pad").focus();
        for (int i = 0; i < 17; i++) {
            page.page().keyboard().press("ArrowUp");
        }
        page.page().keyboard().press(" ");
        for (int i = 0; i < 34; i++) {
            page.page().keyboard().press("ArrowDown");
        }
        page.page().keyboard().press(" ");

        assertBothRead("1");
        page.page().keyboard().press("Escape");
        assertBothRead("?");
    }

    @Test
    void aUnitShowsItsValueAndItsWeights() {
        draw("50 14 50 85");
        assertBothRead("1");
        page.page().locator(".units > canvas").first().hover(new Locator.HoverOptions().setPosition(4, 4));
        Locator card = page.page().locator(".unit").first();
        card.waitFor();

        assertThat(card.textContent()).containsPattern("Unit 0: -?[01]\\.\\d{3}");
        page.page().waitForCondition(() -> pixels(".unit canvas", "values => new Set(values).size") > 20);
    }

    @Test
    void hiddenLayersAreDescribedForThoseWhoDoNotSeeThem() {
        draw("50 14 50 85");
        assertBothRead("1");

        assertThat(page.page().locator(".units > canvas").first().getAttribute("aria-label"))
                .matches("64 units; \\d+ % saturated");
        assertThat(page.page().locator(".units > canvas").nth(2).getAttribute("aria-label"))
                .matches("64 units; \\d+ % silent");
    }

    @ParameterizedTest
    @CsvSource({"1280, 900, LIGHT", "1280, 900, DARK", "820, 1100, LIGHT", "375, 740, LIGHT", "320, 600, DARK"})
    void nothingIsScrolledSideways(int width, int height, ColorScheme colours) {
        open(new Browser.Window(width, height), colours);
        page.page().locator("#pad").focus();
        page.page().keyboard().press("3");
        assertBothRead("3");

        assertThat(page.overflow()).isZero();
        String within = "[...document.querySelectorAll('.units > canvas')].every(c =>"
                + " c.getBoundingClientRect().right <= c.closest('.model').getBoundingClientRect().right)";
        assertThat(page.evaluate(within)).isEqualTo(true);
    }

    @Test
    void aServerThatHasEndedIsNoticed() {
        server.close();
        draw("50 14 50 85");
        page.page()
                .locator("#status")
                .filter(new Locator.FilterOptions().setHasText("does not answer"))
                .waitFor();
        complaintsExpected = true; // the browser's own, about the request that failed
    }
}
