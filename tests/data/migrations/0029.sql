BEGIN TRANSACTION;
CREATE TABLE act (
	id INTEGER NOT NULL, 
	workspace_id VARCHAR(64) NOT NULL, 
	at DATETIME NOT NULL, 
	who VARCHAR(64), 
	what VARCHAR(32) NOT NULL, 
	post_id INTEGER, 
	revision INTEGER, 
	state_before TEXT, 
	state_after TEXT, 
	detail TEXT, 
	CONSTRAINT pk_act PRIMARY KEY (id), 
	CONSTRAINT fk_act_post_id_post FOREIGN KEY(post_id) REFERENCES post (id), 
	CONSTRAINT fk_act_workspace_id_workspace FOREIGN KEY(workspace_id) REFERENCES workspace (id)
);
INSERT INTO "act" VALUES(1,'T1','2026-08-01 09:00:00.000000','U0CLEO','save',1,1,NULL,NULL,NULL);
INSERT INTO "act" VALUES(2,'T1','2026-08-01 09:00:00.000000','U0CLEO','save',2,1,NULL,NULL,NULL);
INSERT INTO "act" VALUES(3,'T1','2026-08-02 09:00:00.000000','U0CARL','approve',1,1,NULL,NULL,NULL);
INSERT INTO "act" VALUES(4,'T1','2026-08-02 09:00:00.000000','U0CARL','approve',2,1,NULL,NULL,NULL);
CREATE TABLE act_release (
	workspace_id VARCHAR(64) NOT NULL, 
	"before" DATETIME NOT NULL, 
	CONSTRAINT pk_act_release PRIMARY KEY (workspace_id), 
	CONSTRAINT fk_act_release_workspace_id_workspace FOREIGN KEY(workspace_id) REFERENCES workspace (id)
);
INSERT INTO "act_release" VALUES('T1','2023-08-01 09:00:00.000000');
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0029');
CREATE TABLE "announcement" (
	id INTEGER NOT NULL, 
	workspace_id VARCHAR(64) NOT NULL, 
	post_id INTEGER NOT NULL, 
	state VARCHAR(32) NOT NULL, 
	claimed_at DATETIME, 
	not_before DATETIME, 
	sent_at DATETIME, 
	channel VARCHAR(64), 
	message_ts VARCHAR(32), 
	shown_revision INTEGER, 
	shown_ended BOOLEAN NOT NULL, 
	held BOOLEAN NOT NULL, 
	CONSTRAINT pk_announcement PRIMARY KEY (id), 
	CONSTRAINT uq_announcement_post_id UNIQUE (post_id), 
	CONSTRAINT fk_announcement_workspace_id_workspace FOREIGN KEY(workspace_id) REFERENCES workspace (id), 
	CONSTRAINT fk_announcement_post_id_post FOREIGN KEY(post_id) REFERENCES post (id)
);
INSERT INTO "announcement" VALUES(1,'T1',1,'sent','2026-08-03 09:00:00.000000',NULL,'2026-08-03 09:00:00.000000','C1','10.1',1,0,0);
INSERT INTO "announcement" VALUES(2,'T1',2,'sent','2026-08-03 09:00:00.000000',NULL,'2026-08-03 09:00:00.000000','C1','20.1',1,1,0);
CREATE TABLE "ask" (
	id INTEGER NOT NULL, 
	workspace_id VARCHAR(64) NOT NULL, 
	member_id INTEGER NOT NULL, 
	post_id INTEGER NOT NULL, 
	repeat INTEGER NOT NULL, 
	revision INTEGER NOT NULL, 
	state VARCHAR(32) NOT NULL, 
	asked_at DATETIME NOT NULL, 
	claimed_at DATETIME, 
	not_before DATETIME, 
	channel VARCHAR(64), 
	message_ts VARCHAR(32), 
	outcome VARCHAR(32), 
	settled_at DATETIME, 
	shown_revision INTEGER, 
	shown VARCHAR(32) NOT NULL, 
	CONSTRAINT pk_ask PRIMARY KEY (id), 
	CONSTRAINT fk_ask_workspace_id_workspace FOREIGN KEY(workspace_id) REFERENCES workspace (id), 
	CONSTRAINT fk_ask_post_id_post FOREIGN KEY(post_id) REFERENCES post (id), 
	CONSTRAINT uq_ask_member_id_post_id_repeat UNIQUE (member_id, post_id, repeat), 
	CONSTRAINT fk_ask_member_id_member FOREIGN KEY(member_id) REFERENCES member (id)
);
INSERT INTO "ask" VALUES(1,'T1',1,1,0,1,'sent','2026-08-03 09:00:00.000000',NULL,NULL,'D1','20.1',NULL,NULL,1,'post');
CREATE TABLE "decision" (
	id INTEGER NOT NULL, 
	post_id INTEGER NOT NULL, 
	revision INTEGER NOT NULL, 
	who VARCHAR(64), 
	what VARCHAR(32) NOT NULL, 
	reason TEXT, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_decision PRIMARY KEY (id), 
	CONSTRAINT fk_decision_post_id_post FOREIGN KEY(post_id) REFERENCES post (id)
);
INSERT INTO "decision" VALUES(1,1,1,'U0CARL','approved',NULL,'2026-08-02 09:00:00.000000');
INSERT INTO "decision" VALUES(2,2,1,'U0CARL','approved',NULL,'2026-08-02 09:00:00.000000');
CREATE TABLE "direct_message" (
	id INTEGER NOT NULL, 
	member_id INTEGER NOT NULL, 
	channel VARCHAR(64) NOT NULL, 
	message_ts VARCHAR(32) NOT NULL, 
	file VARCHAR(64), 
	post_id INTEGER, 
	CONSTRAINT pk_direct_message PRIMARY KEY (id), 
	CONSTRAINT fk_direct_message_member_id_member FOREIGN KEY(member_id) REFERENCES member (id) ON DELETE CASCADE, 
	CONSTRAINT fk_direct_message_post_id_post FOREIGN KEY(post_id) REFERENCES post (id)
);
INSERT INTO "direct_message" VALUES(1,1,'D1','20.1',NULL,1);
INSERT INTO "direct_message" VALUES(2,2,'D2','21.1','F1',NULL);
CREATE TABLE feed (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	workspace_id VARCHAR(64) NOT NULL, 
	"key" VARCHAR(32) NOT NULL, 
	address TEXT NOT NULL, 
	title TEXT NOT NULL, 
	added_at DATETIME NOT NULL, 
	etag TEXT NOT NULL, 
	last_modified TEXT NOT NULL, 
	due_at DATETIME NOT NULL, 
	claimed_at DATETIME, 
	failures INTEGER NOT NULL, 
	failing_since DATETIME, 
	problem VARCHAR(32), 
	told BOOLEAN NOT NULL, 
	CONSTRAINT fk_feed_workspace_id_workspace FOREIGN KEY(workspace_id) REFERENCES workspace (id), 
	CONSTRAINT uq_feed_workspace_id_key UNIQUE (workspace_id, "key")
);
INSERT INTO "feed" VALUES(1,'T1','0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f','https://news.example.org/feed','News','2026-08-06 09:00:00.000000','"1"','','2026-08-06 09:00:00.000000',NULL,0,NULL,NULL,0);
INSERT INTO "feed" VALUES(2,'T1','1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f','https://gone.example.org/feed','Gone','2026-08-06 09:00:00.000000','','','2026-08-06 09:00:00.000000',NULL,3,'2026-08-06 09:00:00.000000','gone',1);
CREATE TABLE feed_entry (
	id INTEGER NOT NULL, 
	feed_id INTEGER NOT NULL, 
	"key" VARCHAR(32) NOT NULL, 
	guid_key VARCHAR(32) NOT NULL, 
	seen_at DATETIME NOT NULL, 
	waiting BOOLEAN NOT NULL, 
	rank INTEGER NOT NULL, 
	title TEXT NOT NULL, 
	link TEXT NOT NULL, 
	summary TEXT NOT NULL, 
	CONSTRAINT pk_feed_entry PRIMARY KEY (id), 
	CONSTRAINT fk_feed_entry_feed_id_feed FOREIGN KEY(feed_id) REFERENCES feed (id) ON DELETE CASCADE, 
	CONSTRAINT uq_feed_entry_feed_id_key UNIQUE (feed_id, "key")
);
INSERT INTO "feed_entry" VALUES(1,1,'2f2f2f2f2f2f2f2f2f2f2f2f2f2f2f2f','3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f','2026-08-06 09:00:00.000000',1,0,'Newer','https://news.example.org/newer','It waits.');
INSERT INTO "feed_entry" VALUES(2,1,'4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f','','2026-08-06 09:00:00.000000',0,1,'','','');
CREATE TABLE "lesson_seen" (
	id INTEGER NOT NULL, 
	member_id INTEGER NOT NULL, 
	lesson VARCHAR(64) NOT NULL, 
	offered BOOLEAN NOT NULL, 
	read BOOLEAN NOT NULL, 
	dismissed BOOLEAN NOT NULL, 
	CONSTRAINT pk_lesson_seen PRIMARY KEY (id), 
	CONSTRAINT fk_lesson_seen_member_id_member FOREIGN KEY(member_id) REFERENCES member (id) ON DELETE CASCADE, 
	CONSTRAINT uq_lesson_seen_member_id_lesson UNIQUE (member_id, lesson)
);
INSERT INTO "lesson_seen" VALUES(1,1,'a-profile-that-helps',1,1,0);
CREATE TABLE "member" (
	id INTEGER NOT NULL, 
	workspace_id VARCHAR(64) NOT NULL, 
	user VARCHAR(64) NOT NULL, 
	consented_at DATETIME NOT NULL, 
	consent_ends_at DATETIME NOT NULL, 
	left_at DATETIME, 
	paused_until DATETIME, 
	zone VARCHAR(64) NOT NULL, 
	network VARCHAR(32), 
	paused_at DATETIME, 
	zone_checked_at DATETIME NOT NULL, 
	in_channel BOOLEAN NOT NULL, 
	direct BOOLEAN NOT NULL, 
	pace VARCHAR(32) NOT NULL, 
	topics TEXT NOT NULL, 
	networks TEXT NOT NULL, 
	hours_start INTEGER NOT NULL, 
	hours_end INTEGER NOT NULL, 
	workdays VARCHAR(7) NOT NULL, 
	country VARCHAR(2), 
	consecutive_declines INTEGER NOT NULL, 
	stopped_at DATETIME, 
	told_at DATETIME, 
	last_asked_at DATETIME, 
	next_ask_at DATETIME, 
	mastodon_instance VARCHAR(255), 
	language VARCHAR(8), 
	messages_due_at DATETIME, 
	direct_refused BOOLEAN NOT NULL, region VARCHAR(32), 
	CONSTRAINT pk_member PRIMARY KEY (id), 
	CONSTRAINT uq_member_workspace_id_user UNIQUE (workspace_id, user), 
	CONSTRAINT fk_member_workspace_id_workspace FOREIGN KEY(workspace_id) REFERENCES workspace (id)
);
INSERT INTO "member" VALUES(1,'T1','U0AMARA','2026-07-31 22:00:00.000000','2027-01-31 23:00:00.000000',NULL,NULL,'Europe/Berlin','x',NULL,'1999-12-31 23:00:00.000000',1,0,'1_a_week','','',570,990,'01234',NULL,0,NULL,NULL,NULL,NULL,NULL,NULL,'2026-08-01 09:00:00.000000',0,NULL);
INSERT INTO "member" VALUES(2,'T1','U0BO','2026-07-31 22:00:00.000000','2027-01-31 23:00:00.000000',NULL,NULL,'Europe/Berlin',NULL,NULL,'1999-12-31 23:00:00.000000',0,0,'1_a_week','','',570,990,'01234',NULL,0,NULL,NULL,NULL,NULL,NULL,NULL,'2026-08-01 09:00:00.000000',0,NULL);
CREATE TABLE member_figures (
	workspace_id VARCHAR(64) NOT NULL, 
	quarter DATE NOT NULL, 
	members INTEGER NOT NULL, 
	CONSTRAINT pk_member_figures PRIMARY KEY (workspace_id, quarter), 
	CONSTRAINT fk_member_figures_workspace_id_workspace FOREIGN KEY(workspace_id) REFERENCES workspace (id)
);
INSERT INTO "member_figures" VALUES('T1','2026-07-01',30);
CREATE TABLE "notice" (
	id INTEGER NOT NULL, 
	workspace_id VARCHAR(64) NOT NULL, 
	kind VARCHAR(32) NOT NULL, 
	post_id INTEGER, 
	who VARCHAR(64), 
	detail TEXT, 
	created_at DATETIME NOT NULL, 
	sent_at DATETIME, 
	not_before DATETIME, 
	sender INTEGER, 
	CONSTRAINT pk_notice PRIMARY KEY (id), 
	CONSTRAINT fk_notice_workspace_id_workspace FOREIGN KEY(workspace_id) REFERENCES workspace (id), 
	CONSTRAINT fk_notice_post_id_post FOREIGN KEY(post_id) REFERENCES post (id), 
	CONSTRAINT fk_notice_sender_member FOREIGN KEY(sender) REFERENCES member (id) ON DELETE CASCADE
);
INSERT INTO "notice" VALUES(1,'T1','sent_back',1,'U0CARL',NULL,'2026-08-02 09:00:00.000000','2026-08-02 09:00:00.000000',NULL,NULL);
INSERT INTO "notice" VALUES(2,'T1','posts_end',NULL,NULL,NULL,'2026-11-30 06:19:07.478526',NULL,NULL,NULL);
INSERT INTO "notice" VALUES(3,'T1','share_notes',1,NULL,NULL,'2026-08-06 09:00:00.000000',NULL,NULL,NULL);
CREATE TABLE "post" (
	id INTEGER NOT NULL, 
	workspace_id VARCHAR(64) NOT NULL, 
	state VARCHAR(32) NOT NULL, 
	correction VARCHAR(32), 
	revision INTEGER NOT NULL, 
	approved_revision INTEGER, 
	created_at DATETIME NOT NULL, 
	approved_at DATETIME, 
	ended_at DATETIME, 
	version INTEGER NOT NULL, 
	card_version INTEGER NOT NULL, 
	card_ts VARCHAR(32), 
	form VARCHAR(64) NOT NULL, 
	live_at DATETIME, 
	reach VARCHAR(32) NOT NULL, 
	asks_stale BOOLEAN NOT NULL, 
	folded BOOLEAN NOT NULL, 
	card_link VARCHAR(500), 
	message_link VARCHAR(500), 
	queue_place INTEGER, 
	from_feed TEXT NOT NULL, 
	CONSTRAINT pk_post PRIMARY KEY (id), 
	CONSTRAINT fk_post_workspace_id_workspace FOREIGN KEY(workspace_id) REFERENCES workspace (id), 
	CONSTRAINT uq_post_workspace_id_form UNIQUE (workspace_id, form)
);
INSERT INTO "post" VALUES(1,'T1','live',NULL,1,1,'2026-08-01 09:00:00.000000','2026-08-02 09:00:00.000000',NULL,3,3,'10.1','V1','2026-08-03 09:00:00.000000','first_group',0,0,NULL,NULL,NULL,'');
INSERT INTO "post" VALUES(2,'T1','withdrawn',NULL,1,1,'2026-08-01 09:00:00.000000','2026-08-02 09:00:00.000000','2026-08-05 09:00:00.000000',3,3,'10.1','V2',NULL,'first_group',0,0,NULL,NULL,NULL,'');
CREATE TABLE post_figures (
	post_id INTEGER NOT NULL, 
	workspace_id VARCHAR(64) NOT NULL, 
	month DATE NOT NULL, 
	figures JSON NOT NULL, 
	cells JSON, 
	groups JSON, 
	CONSTRAINT pk_post_figures PRIMARY KEY (post_id), 
	CONSTRAINT fk_post_figures_post_id_post FOREIGN KEY(post_id) REFERENCES post (id), 
	CONSTRAINT fk_post_figures_workspace_id_workspace FOREIGN KEY(workspace_id) REFERENCES workspace (id)
);
INSERT INTO "post_figures" VALUES(2,'T1','2026-08-01','[["answers", ["interested", "opened", "shared"], 12], ["asked", ["asked"], 18]]','[["opened", null, "x", true, 12], ["skipped", "not_now", null, true, 6]]','{"answers": [["interested", "opened", "shared"]]}');
CREATE TABLE "preview" (
	post_id INTEGER NOT NULL, 
	revision INTEGER NOT NULL, 
	state VARCHAR(32) NOT NULL, 
	claimed_at DATETIME, 
	fetched_at DATETIME, 
	title TEXT NOT NULL, 
	description TEXT NOT NULL, 
	image TEXT NOT NULL, 
	problem VARCHAR(32), 
	site TEXT NOT NULL, 
	image_alt TEXT NOT NULL, 
	CONSTRAINT pk_preview PRIMARY KEY (post_id), 
	CONSTRAINT fk_preview_post_id_revision_revision FOREIGN KEY(post_id, revision) REFERENCES revision (post_id, number), 
	CONSTRAINT fk_preview_post_id_post FOREIGN KEY(post_id) REFERENCES post (id)
);
INSERT INTO "preview" VALUES(1,1,'done','2026-08-06 09:00:00.000000','2026-08-06 09:00:00.000000','News','All of it.','https://news.example.org/news.png',NULL,'News','A chart.');
CREATE TABLE removal (
	id INTEGER NOT NULL, 
	workspace_id VARCHAR(64) NOT NULL, 
	channel VARCHAR(64) NOT NULL, 
	message_ts VARCHAR(32) NOT NULL, 
	file VARCHAR(64), 
	due_at DATETIME NOT NULL, 
	not_before DATETIME NOT NULL, 
	CONSTRAINT pk_removal PRIMARY KEY (id), 
	CONSTRAINT fk_removal_workspace_id_workspace FOREIGN KEY(workspace_id) REFERENCES workspace (id)
);
INSERT INTO "removal" VALUES(1,'T1','D2','21.0','F2','2026-08-06 09:00:00.000000','2026-08-06 09:00:00.000000');
CREATE TABLE "response" (
	id INTEGER NOT NULL, 
	post_id INTEGER NOT NULL, 
	member_id INTEGER NOT NULL, 
	stage VARCHAR(32) NOT NULL, 
	reason VARCHAR(32), 
	network VARCHAR(32), 
	at DATETIME NOT NULL, 
	dialog VARCHAR(255), 
	CONSTRAINT pk_response PRIMARY KEY (id), 
	CONSTRAINT fk_response_member_id_member FOREIGN KEY(member_id) REFERENCES member (id), 
	CONSTRAINT fk_response_post_id_post FOREIGN KEY(post_id) REFERENCES post (id), 
	CONSTRAINT uq_response_post_id_member_id UNIQUE (post_id, member_id)
);
INSERT INTO "response" VALUES(1,1,1,'opened',NULL,'x','2026-08-04 09:00:00.000000',NULL);
INSERT INTO "response" VALUES(2,2,2,'skipped','not_now',NULL,'2026-08-04 09:00:00.000000',NULL);
CREATE TABLE "response_event" (
	id INTEGER NOT NULL, 
	response_id INTEGER NOT NULL, 
	stage VARCHAR(32) NOT NULL, 
	reason VARCHAR(32), 
	network VARCHAR(32), 
	at DATETIME NOT NULL, 
	wording_id INTEGER, 
	CONSTRAINT pk_response_event PRIMARY KEY (id), 
	CONSTRAINT fk_response_event_response_id_response FOREIGN KEY(response_id) REFERENCES response (id), 
	CONSTRAINT fk_response_event_wording_id_wording FOREIGN KEY(wording_id) REFERENCES wording (id)
);
INSERT INTO "response_event" VALUES(1,1,'opened',NULL,'x','2026-08-04 09:00:00.000000',NULL);
INSERT INTO "response_event" VALUES(2,2,'skipped','not_now',NULL,'2026-08-04 09:00:00.000000',NULL);
CREATE TABLE rest (
	workspace_id VARCHAR(64) NOT NULL, 
	method VARCHAR(64) NOT NULL, 
	place VARCHAR(64) NOT NULL, 
	since DATETIME NOT NULL, 
	until DATETIME NOT NULL, 
	trouble VARCHAR(100) NOT NULL, 
	rounds INTEGER NOT NULL, 
	CONSTRAINT pk_rest PRIMARY KEY (workspace_id, method, place), 
	CONSTRAINT fk_rest_workspace_id_workspace FOREIGN KEY(workspace_id) REFERENCES workspace (id)
);
INSERT INTO "rest" VALUES('T1','chat.postMessage','people','2026-08-06 09:00:00.000000','2026-08-06 10:00:00.000000','throttled',2);
CREATE TABLE "revision" (
	post_id INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	writer VARCHAR(64), 
	form VARCHAR(64) NOT NULL, 
	title TEXT NOT NULL, 
	link TEXT NOT NULL, 
	why TEXT NOT NULL, 
	topics JSON NOT NULL, 
	not_before DATETIME, 
	expires_at DATETIME, 
	written_at DATETIME NOT NULL, 
	picture TEXT NOT NULL, 
	picture_alt TEXT NOT NULL, 
	author TEXT NOT NULL, 
	kind VARCHAR(32), 
	prompts JSON NOT NULL, 
	channel BOOLEAN NOT NULL, 
	direct BOOLEAN NOT NULL, 
	CONSTRAINT pk_revision PRIMARY KEY (post_id, number), 
	CONSTRAINT fk_revision_post_id_post FOREIGN KEY(post_id) REFERENCES post (id)
);
INSERT INTO "revision" VALUES(1,1,'U0CLEO','V1','News','https://news.example.org/','Why','["releases"]',NULL,'2026-12-14 06:19:07.478526','2026-08-01 09:00:00.000000','','','',NULL,'[]',1,1);
INSERT INTO "revision" VALUES(2,1,'U0CLEO','V2','News','https://news.example.org/','Why','["releases"]',NULL,NULL,'2026-08-01 09:00:00.000000','','','',NULL,'[]',1,1);
CREATE TABLE rule_value (
	id INTEGER NOT NULL, 
	workspace_id VARCHAR(64) NOT NULL, 
	rule VARCHAR(32) NOT NULL, 
	value TEXT NOT NULL, 
	since DATETIME NOT NULL, 
	CONSTRAINT pk_rule_value PRIMARY KEY (id), 
	CONSTRAINT fk_rule_value_workspace_id_workspace FOREIGN KEY(workspace_id) REFERENCES workspace (id)
);
INSERT INTO "rule_value" VALUES(1,'T1','weekly_cap','1','2026-08-01 09:00:00.000000');
INSERT INTO "rule_value" VALUES(2,'T1','weekly_cap','2','2026-08-06 09:00:00.000000');
CREATE TABLE share_note (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	notice_id INTEGER NOT NULL, 
	response_id INTEGER NOT NULL, 
	words TEXT NOT NULL, 
	signed BOOLEAN NOT NULL, 
	may_answer BOOLEAN NOT NULL, 
	told BOOLEAN NOT NULL, 
	claimed_at DATETIME, 
	CONSTRAINT fk_share_note_notice_id_notice FOREIGN KEY(notice_id) REFERENCES notice (id) ON DELETE CASCADE, 
	CONSTRAINT fk_share_note_response_id_response FOREIGN KEY(response_id) REFERENCES response (id) ON DELETE CASCADE, 
	CONSTRAINT uq_share_note_notice_id_response_id UNIQUE (notice_id, response_id)
);
INSERT INTO "share_note" VALUES(1,3,1,'I liked it.',1,1,0,NULL);
CREATE TABLE snapshot (
	id INTEGER NOT NULL, 
	workspace_id VARCHAR(64) NOT NULL, 
	day DATE NOT NULL, 
	gate BOOLEAN NOT NULL, 
	note_gate BOOLEAN NOT NULL, 
	figures JSON NOT NULL, 
	CONSTRAINT pk_snapshot PRIMARY KEY (id), 
	CONSTRAINT fk_snapshot_workspace_id_workspace FOREIGN KEY(workspace_id) REFERENCES workspace (id), 
	CONSTRAINT uq_snapshot_workspace_id_day UNIQUE (workspace_id, day)
);
INSERT INTO "snapshot" VALUES(1,'T1','2026-08-06',1,1,'{"used": [[1, "0a1b2c"]], "networks": ["x"], "budget_share": 1.0, "group_share": 0.5, "group_shares": [[1, 0.5]], "audiences": [["releases", 20]], "audiences_before": [["releases", 20]]}');
CREATE TABLE span_figures (
	id INTEGER NOT NULL, 
	workspace_id VARCHAR(64) NOT NULL, 
	first DATE NOT NULL, 
	last DATE NOT NULL, 
	posts INTEGER NOT NULL, 
	members INTEGER, 
	figures JSON NOT NULL, 
	CONSTRAINT pk_span_figures PRIMARY KEY (id), 
	CONSTRAINT fk_span_figures_workspace_id_workspace FOREIGN KEY(workspace_id) REFERENCES workspace (id), 
	CONSTRAINT uq_span_figures_workspace_id_last UNIQUE (workspace_id, last)
);
INSERT INTO "span_figures" VALUES(1,'T1','2026-07-01','2026-08-31',3,30,'[["answers", ["interested", "opened", "shared"], 12], ["asked", ["asked"], 18]]');
CREATE TABLE suggestion (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	workspace_id VARCHAR(64) NOT NULL, 
	link TEXT NOT NULL, 
	words TEXT NOT NULL, 
	signed_by VARCHAR(64), 
	offered_by VARCHAR(64), 
	tell BOOLEAN NOT NULL, 
	shown BOOLEAN NOT NULL, 
	created_at DATETIME NOT NULL, 
	outcome VARCHAR(32), 
	claimed_at DATETIME, 
	CONSTRAINT fk_suggestion_workspace_id_workspace FOREIGN KEY(workspace_id) REFERENCES workspace (id)
);
INSERT INTO "suggestion" VALUES(1,'T1','https://news.example.org/','Look.','U0AMARA','U0AMARA',1,0,'2026-08-06 09:00:00.000000',NULL,NULL);
INSERT INTO "suggestion" VALUES(2,'T1','','',NULL,'U0BO',1,1,'2026-08-06 09:00:00.000000','declined',NULL);
CREATE TABLE wording (
	id INTEGER NOT NULL, 
	post_id INTEGER NOT NULL, 
	revision INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	network VARCHAR(32) NOT NULL, 
	text TEXT NOT NULL, language VARCHAR(8), 
	CONSTRAINT pk_wording PRIMARY KEY (id), 
	CONSTRAINT fk_wording_post_id_revision_revision FOREIGN KEY(post_id, revision) REFERENCES revision (post_id, number), 
	CONSTRAINT uq_wording_post_id_revision_position UNIQUE (post_id, revision, position)
);
INSERT INTO "wording" VALUES(1,1,1,0,'x','The news are out.',NULL);
INSERT INTO "wording" VALUES(2,2,1,0,'x','The news are out.',NULL);
CREATE TABLE "workspace" (
	id VARCHAR(64) NOT NULL, 
	advocacy_channel VARCHAR(64) NOT NULL, 
	comms_channel VARCHAR(64) NOT NULL, 
	min_gap_seconds INTEGER NOT NULL, 
	weekly_cap INTEGER NOT NULL, 
	hours_start INTEGER NOT NULL, 
	hours_end INTEGER NOT NULL, 
	workdays VARCHAR(7) NOT NULL, 
	zone VARCHAR(64) NOT NULL, 
	disclosure VARCHAR(100) NOT NULL, 
	approvals INTEGER NOT NULL, 
	frozen_at DATETIME, 
	frozen_by VARCHAR(64), 
	trouble VARCHAR(100), 
	reconciling_by VARCHAR(64), 
	reconciling_until DATETIME, 
	topics TEXT NOT NULL, 
	consent_months INTEGER NOT NULL, 
	asks_per_hundred INTEGER NOT NULL, 
	colour VARCHAR(32) NOT NULL, 
	acknowledged_at DATETIME, 
	gate_threshold INTEGER NOT NULL, 
	post_days INTEGER NOT NULL, 
	evidence_years INTEGER NOT NULL, 
	erased_at DATETIME, 
	frozen_until DATETIME, 
	frozen_reason TEXT, 
	figures BOOLEAN NOT NULL, 
	least_people INTEGER NOT NULL, 
	analytics_url TEXT NOT NULL, 
	figures_since DATETIME, 
	figures_until DATETIME, 
	figures_month DATE, 
	networks TEXT NOT NULL, 
	link_tags TEXT NOT NULL, 
	disclosure_phrases JSON NOT NULL, 
	avoid_terms JSON NOT NULL, 
	previews BOOLEAN NOT NULL, 
	first_month_ends DATETIME, 
	guests_may_join BOOLEAN NOT NULL, 
	suggests_two BOOLEAN NOT NULL, 
	CONSTRAINT pk_workspace PRIMARY KEY (id)
);
INSERT INTO "workspace" VALUES('T1','C1','G1',0,2,570,990,'01234','Europe/Berlin','#Acme',2,NULL,NULL,NULL,NULL,NULL,'',6,100,'green',NULL,23,60,3,NULL,NULL,NULL,0,6,'',NULL,NULL,NULL,',linkedin,x,facebook,threads,bluesky,mastodon,',',utm_source,utm_medium,utm_campaign,','[]','[]',1,NULL,0,0);
CREATE INDEX ix_response_event_response_id ON response_event (response_id);
CREATE INDEX ix_response_event_wording_id_at ON response_event (wording_id, at);
CREATE INDEX ix_ask_post_id ON ask (post_id);
CREATE INDEX ix_ask_workspace_id_asked_at ON ask (workspace_id, asked_at);
CREATE INDEX ix_ask_open ON ask (workspace_id, asked_at) WHERE outcome IS NULL;
CREATE INDEX ix_ask_state_workspace_id_asked_at ON ask (state, workspace_id, asked_at);
CREATE INDEX ix_removal_workspace_id_not_before ON removal (workspace_id, not_before);
CREATE INDEX ix_response_member_id ON response (member_id);
CREATE INDEX ix_notice_workspace_id_sent_at ON notice (workspace_id, sent_at);
CREATE INDEX ix_notice_sender ON notice (sender);
CREATE INDEX ix_decision_post_id ON decision (post_id);
CREATE INDEX ix_member_workspace_id_next_ask_at ON member (workspace_id, next_ask_at);
CREATE INDEX ix_member_workspace_id_messages_due_at ON member (workspace_id, messages_due_at);
CREATE INDEX ix_rule_value_workspace_id ON rule_value (workspace_id);
CREATE INDEX ix_preview_state ON preview (state);
CREATE INDEX ix_post_figures_workspace_id_month ON post_figures (workspace_id, month);
CREATE INDEX ix_act_post_id ON act (post_id);
CREATE INDEX ix_act_workspace_id_at ON act (workspace_id, at);
CREATE TRIGGER act_never_changes BEFORE UPDATE ON act BEGIN SELECT RAISE(ABORT, 'the record of comms is only added to'); END;
CREATE TRIGGER act_stays_its_time BEFORE DELETE ON act WHEN NOT coalesce(OLD.at < (SELECT before FROM act_release WHERE workspace_id = OLD.workspace_id), 0) BEGIN SELECT RAISE(ABORT, 'the record of comms is kept for its years'); END;
CREATE INDEX ix_feed_entry_key ON feed_entry ("key");
CREATE INDEX ix_feed_entry_waiting ON feed_entry (feed_id) WHERE waiting;
CREATE INDEX ix_suggestion_workspace_id_outcome ON suggestion (workspace_id, outcome);
CREATE INDEX ix_share_note_response_id ON share_note (response_id);
CREATE INDEX ix_direct_message_member_id ON direct_message (member_id);
CREATE INDEX ix_direct_message_post_id ON direct_message (post_id);
CREATE INDEX ix_act_workspace_id_id ON act (workspace_id, id);
CREATE INDEX ix_announcement_workspace_id_state_claimed_at ON announcement (workspace_id, state, claimed_at);
CREATE INDEX ix_announcement_workspace_id_claimed_at ON announcement (workspace_id, claimed_at);
CREATE INDEX ix_member_workspace_id_consent_ends_at ON member (workspace_id, consent_ends_at);
CREATE INDEX ix_member_workspace_id_left_at ON member (workspace_id, left_at);
CREATE INDEX ix_notice_post_id ON notice (post_id);
CREATE INDEX ix_post_workspace_id_approved_at ON post (workspace_id, approved_at);
CREATE INDEX ix_post_workspace_id_created_at ON post (workspace_id, created_at);
CREATE INDEX ix_post_workspace_id_state_id ON post (workspace_id, state, id);
CREATE INDEX ix_member_untold ON member (workspace_id, left_at, consent_ends_at) WHERE stopped_at IS NOT NULL AND told_at IS NULL;
CREATE INDEX ix_post_asks_stale ON post (workspace_id) WHERE asks_stale IS 1;
CREATE INDEX ix_post_card_outdated ON post (workspace_id) WHERE card_version != version;
CREATE INDEX ix_post_unfolded ON post (workspace_id, ended_at) WHERE folded IS 0;
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('feed',2);
INSERT INTO "sqlite_sequence" VALUES('share_note',1);
INSERT INTO "sqlite_sequence" VALUES('suggestion',2);
COMMIT;
