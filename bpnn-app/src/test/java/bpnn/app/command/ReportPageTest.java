package bpnn.app.command;

import static org.assertj.core.api.Assertions.assertThat;

import bpnn.app.Cli;
import bpnn.app.TinyData;
import bpnn.lab.experiment.Experiment;
import bpnn.report.Study;
import bpnn.report.study.Studies;
import bpnn.web.browser.Browser;
import bpnn.web.browser.OpenPage;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.Media;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The report as people see it. */
@Tag("once")
class ReportPageTest {
    /** Whether a canvas holds a colour, and how often. */
    private static final String COUNT_COLOUR = """
            (canvas, [red, green, blue]) => {
              const data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
              let count = 0;
              for (let i = 0; i < data.length; i += 4) {
                count += data[i + 3] > 200 && Math.abs(data[i] - red) + Math.abs(data[i + 1] - green)
                  + Math.abs(data[i + 2] - blue) < 30;
              }
              return count;
            }
            """;

    /** The colours of the contenders on light ground, and of the first one on dark ground. */
    private static final List<List<Integer>> TONES =
            List.of(List.of(0xC2, 0x50, 0x0A), List.of(0x06, 0x68, 0xA8), List.of(0x0B, 0x7A, 0x5C));

    private static final List<Integer> FIRST = TONES.get(0);
    private static final List<Integer> SECOND = TONES.get(1);
    private static final List<Integer> FIRST_DARK = List.of(0xF0, 0x88, 0x3E);

    @TempDir
    static Path folder;

    private static Browser browser;
    private static Path report;
    private static JsonNode results;

    @BeforeAll
    static void experiment() throws IOException {
        browser = Browser.start();
        Path out = folder.resolve("all");
        Cli cli = Cli.run(
                "experiment",
                "all",
                "--backend=cpu",
                "--dataset=" + TinyData.in(folder),
                "--hidden=12,12",
                "--seeds=2",
                "--epochs=3",
                "--batch-size=50",
                "--out=" + out);
        assertThat(cli.exitCode()).as(cli.err()).isZero();
        report = out.resolve("report.html");
        results = new ObjectMapper().readTree(out.resolve("results.json").toFile());
    }

    @AfterAll
    static void stop() {
        if (browser != null) {
            browser.close();
        }
    }

    private static OpenPage open(Browser.Window window) {
        return browser.open(report.toUri(), window);
    }

    /** The figures of a kind in {@code results.json}. */
    private static List<JsonNode> figures(String kind) {
        List<JsonNode> found = new ArrayList<>();
        results.get("experiments")
                .forEach(experiment -> experiment.get("figures").forEach(figure -> {
                    if (figure.get("kind").textValue().equals(kind)) {
                        found.add(figure);
                    }
                }));
        assertThat(found).as("figures of the kind %s", kind).isNotEmpty();
        return found;
    }

    private static int count(Locator canvas, List<Integer> colour) {
        return ((Number) canvas.evaluate(COUNT_COLOUR, colour)).intValue();
    }

    private static Locator canvas(OpenPage page, String figure) {
        return page.page().locator("[data-figure='" + figure + "'] canvas");
    }

    @Test
    void itComplainsOfNothingAndAsksForNothing() {
        try (OpenPage page = open(Browser.WIDE)) {
            page.page().waitForTimeout(200);
            assertThat(page.complaints()).isEmpty();
            assertThat(page.requests()).containsExactly(report.toUri().toString());
        }
    }

    @Test
    void everyChartShowsEveryArm() {
        List<JsonNode> charts = figures("chart");
        try (OpenPage page = open(Browser.WIDE)) {
            assertThat(page.page().locator("[data-figure]").count()).isEqualTo(charts.size());
            for (Study study : Studies.ARTICLE) {
                Experiment experiment = study.experiment();
                Locator chips = page.page().locator("#" + experiment.id() + " .chip");
                for (int arm = 0; arm < experiment.contenders().size(); arm++) {
                    // Alone, since one curve may lie on another.
                    for (int other = 0; other < experiment.contenders().size(); other++) {
                        press(chips.nth(other), other == arm);
                    }
                    page.page().waitForTimeout(100);
                    for (JsonNode chart : charts) {
                        if (chart.get("id").textValue().startsWith(experiment.id() + "-")) {
                            assertThat(count(canvas(page, chart.get("id").textValue()), TONES.get(arm)))
                                    .as(
                                            "pixels of %s in %s",
                                            experiment.contenders().get(arm), chart.get("id"))
                                    .isGreaterThan(20);
                        }
                    }
                }
            }
        }
    }

    private static void press(Locator chip, boolean on) {
        if (!chip.getAttribute("aria-pressed").equals(String.valueOf(on))) {
            chip.click();
        }
    }

    @Test
    void everyStillPictureIsDrawn() {
        int panels = 0;
        for (String kind : List.of("ridges", "tanh")) {
            for (JsonNode figure : figures(kind)) {
                panels += figure.get("panels").size();
            }
        }
        try (OpenPage page = open(Browser.WIDE)) {
            Locator pictures = page.page().locator(".panels svg");
            assertThat(pictures.count()).isEqualTo(panels);
            assertThat(page.evaluate("[...document.images].filter(i => !i.complete || i.naturalWidth < 12).length"))
                    .as("images that could not be read")
                    .isEqualTo(0);
            for (Locator picture : pictures.all()) {
                assertThat(picture.boundingBox().width).isGreaterThan(100);
                assertThat(picture.locator("rect, path").count()).isGreaterThan(5);
            }
        }
    }

    @Test
    void thePointerBringsTheValues() {
        JsonNode chart = figures("chart").stream()
                .filter(figure -> figure.get("id").textValue().equals("batch-norm-training-loss"))
                .findFirst()
                .orElseThrow();
        try (OpenPage page = open(Browser.WIDE)) {
            Locator box = page.page().locator("[data-figure='batch-norm-training-loss']");
            Locator readout = box.locator(".readout");
            assertThat(readout.textContent()).startsWith("epoch 3:");
            Locator plot = box.locator(".u-over");
            plot.hover(new Locator.HoverOptions().setPosition(2, plot.boundingBox().height / 2));
            assertThat(readout.textContent()).startsWith("epoch 1:");
            for (JsonNode series : chart.get("series")) {
                BigDecimal value = new BigDecimal(series.get("y").get(0).doubleValue());
                assertThat(readout.textContent())
                        .contains(series.get("label").textValue() + " "
                                + value.round(new MathContext(3))
                                        .stripTrailingZeros()
                                        .toPlainString());
            }
        }
    }

    @Test
    void armsCanBeSwitchedOffAndOn() {
        try (OpenPage page = open(Browser.WIDE)) {
            Locator canvas = canvas(page, "dropout-training-loss");
            Locator chip = page.page().locator("#dropout .chip").first();
            Locator readout = page.page().locator("[data-figure='dropout-training-loss'] .readout");
            Locator arm = page.page().locator("#dropout .arm").first();
            int before = count(canvas, FIRST);

            chip.click();
            page.page().waitForTimeout(100);

            assertThat(chip.getAttribute("aria-pressed")).isEqualTo("false");
            assertThat(count(canvas, FIRST)).isZero();
            assertThat(count(canvas, SECOND)).isPositive();
            assertThat(readout.textContent()).contains("dropout 0.3").doesNotContain("no dropout");
            assertThat(arm.getAttribute("class")).contains("off");
            assertThat(count(canvas(page, "scaling-training-loss"), FIRST))
                    .as("other chapters stay as they are")
                    .isPositive();

            chip.click();
            page.page().waitForTimeout(100);

            assertThat(count(canvas, FIRST)).isEqualTo(before);
            assertThat(arm.getAttribute("class")).doesNotContain("off");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {320, 375, 768, 1280, 1920})
    void nothingHasToBeScrolledSideways(int width) {
        try (OpenPage page = open(new Browser.Window(width, 800))) {
            assertThat(page.overflow()).isZero();
            page.page().setViewportSize(width / 2 + 200, 800);
            page.page().waitForTimeout(100);
            assertThat(page.overflow()).as("after a change of the window").isZero();
        }
    }

    @Test
    void inTheDarkThePageIsDarkAndItsTextReadable() {
        try (OpenPage page = browser.open(report.toUri(), Browser.WIDE, ColorScheme.DARK)) {
            assertThat(page.complaints()).isEmpty();
            assertThat(luminance(page, "body", "background-color")).isLessThan(0.05);
            assertReadable(page);
            assertThat(count(canvas(page, "dropout-training-loss"), FIRST_DARK)).isPositive();
        }
        try (OpenPage page = open(Browser.WIDE)) {
            assertThat(luminance(page, "body", "background-color")).isGreaterThan(0.9);
            assertReadable(page);
        }
    }

    /** A contrast of 4.5 to 1 is what the Web Content Accessibility Guidelines, 1.4.3, ask for. */
    private static void assertReadable(OpenPage page) {
        double ground = luminance(page, "body", "background-color");
        double card = luminance(page, ".card", "background-color");
        for (String text : List.of("body", ".standfirst", ".claim", ".soft", ".readout", ".badge", ".big")) {
            String property = text.equals(".big") ? "fill" : "color";
            double ink = luminance(page, text, property);
            assertThat(contrast(ink, ground)).as("contrast of %s", text).isGreaterThan(4.5);
            assertThat(contrast(ink, card)).as("contrast of %s on a card", text).isGreaterThan(4.5);
        }
    }

    private static double contrast(double a, double b) {
        return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    }

    /** Relative luminance of sRGB, from 0 to 1. */
    private static double luminance(OpenPage page, String selector, String property) {
        String colour = (String)
                page.evaluate("getComputedStyle(document.querySelector('" + selector + "'))['" + property + "']");
        String[] parts = colour.replaceAll("[^0-9,]", "").split(",");
        double[] weights = {0.2126, 0.7152, 0.0722};
        double sum = 0;
        for (int i = 0; i < 3; i++) {
            double share = Integer.parseInt(parts[i]) / 255.0;
            sum += weights[i] * (share <= 0.04045 ? share / 12.92 : Math.pow((share + 0.055) / 1.055, 2.4));
        }
        return sum;
    }

    @Test
    void onPaperItIsLightAndNothingIsFoldedAway() {
        try (OpenPage page = browser.open(report.toUri(), Browser.WIDE, ColorScheme.DARK)) {
            Locator canvas = canvas(page, "dropout-training-loss");
            page.evaluate("dispatchEvent(new Event('beforeprint'))");
            page.page().emulateMedia(new Page.EmulateMediaOptions().setMedia(Media.PRINT));
            assertThat(luminance(page, "body", "color")).isLessThan(0.05);
            assertThat(count(canvas, FIRST)).isPositive();
            assertThat(count(canvas, FIRST)).isGreaterThan(3 * count(canvas, FIRST_DARK));
            assertThat(page.page().locator("details:not([open])").count()).isZero();
            page.page().emulateMedia(new Page.EmulateMediaOptions().setMedia(Media.SCREEN));
            page.evaluate("dispatchEvent(new Event('afterprint'))");
            assertThat(count(canvas, FIRST_DARK)).isPositive();

            byte[] pdf = page.page().pdf();
            assertThat(new String(pdf, 0, 5, StandardCharsets.US_ASCII)).isEqualTo("%PDF-");
            assertThat(page.complaints()).noneMatch(complaint -> complaint.startsWith("uncaught"));
        }
    }

    @Test
    void everyPictureHasAlternativeText() {
        try (OpenPage page = open(Browser.WIDE)) {
            Locator pictures = page.page().locator("img, svg, .plot");
            assertThat(pictures.count()).isGreaterThan(20);
            assertThat(page.page().locator(".plot, svg").all()).allSatisfy(picture -> {
                assertThat(picture.getAttribute("role")).isEqualTo("img");
                assertThat(picture.getAttribute("aria-label")).isNotBlank();
            });
            assertThat(page.page().locator(".plot").all())
                    .allSatisfy(plot -> assertThat(plot.getAttribute("aria-label"))
                            .as("what stands in the picture")
                            .containsPattern("from [-0-9.e]+ to [-0-9.e]+"));
            assertThat(page.page().locator("img").all())
                    .allSatisfy(
                            image -> assertThat(image.getAttribute("alt"))
                                    .matches(
                                            "Test image \\d+: a \\d that was read as \\d|Who moves with whom, .*: mean \\|r\\| [0-9.]+"));
        }
    }
}
