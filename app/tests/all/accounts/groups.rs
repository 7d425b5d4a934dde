//! Groups of people.

use super::tables;
use crate::rig::*;

both_databases! {
    async fn people_join_and_leave_a_group(app: TestApp) {
        let (ada, bob) = (app.admin("ada").await, app.person("bob").await);
        let form = json!({"slug": "crew", "title": "The crew", "description": "Who sails"});
        let group = ada.post("/api/admin/groups", form).await.is(201).json()["group"].clone();
        assert_eq!((&group["slug"], &group["title"], &group["member_count"]), (&json!("crew"), &json!("The crew"), &json!(0)));
        app.expects_events([]).await;

        ada.put("/api/admin/groups/crew/members/BOB").await.is(204);
        app.expects_events(["user_rights_changed"]).await;
        ada.put("/api/admin/groups/crew/members/bob").await.is(204);
        app.expects_events([]).await;
        assert_eq!(bob.account().await["groups"], json!([{"id": group["id"], "slug": "crew", "title": "The crew"}]));
        let members = ada.get("/api/admin/groups/crew/members").await.is(200).json();
        assert_eq!(members["items"][0]["nickname"], "bob");
        assert_eq!(ada.get("/api/admin/groups").await.is(200).json()["items"][0]["member_count"], 1);

        ada.delete("/api/admin/groups/crew/members/bob").await.is(204);
        app.expects_events(["user_rights_changed"]).await;
        ada.delete("/api/admin/groups/crew/members/bob").await.is(204);
        app.expects_events([]).await;
        assert_eq!(bob.account().await["groups"], json!([]));
    }

    async fn a_group_is_renamed_but_keeps_its_slug(app: TestApp) {
        let ada = app.admin("ada").await;
        ada.post("/api/admin/groups", json!({"slug": "crew", "title": "Crew"})).await.is(201);
        let group = ada.patch("/api/admin/groups/crew", json!({"title": "All hands"})).await.is(200).json();
        assert_eq!((&group["group"]["title"], &group["group"]["version"]), (&json!("All hands"), &json!(2)));
        ada.patch("/api/admin/groups/crew", json!({"slug": "hands"})).await.refuses_fields(["slug"]);
        ada.patch("/api/admin/groups/hands", json!({"title": "x"})).await.refuses(404, "not_found");
    }

    async fn a_slug_is_one_groups_only(app: TestApp) {
        let ada = app.admin("ada").await;
        ada.post("/api/admin/groups", json!({"slug": "crew", "title": "Crew"})).await.is(201);
        ada.post("/api/admin/groups", json!({"slug": "crew", "title": "Other"})).await.refuses(409, "taken");
        ada.post("/api/admin/groups", json!({"slug": "The Crew"})).await.refuses_fields(["slug", "title"]);
    }

    async fn a_group_that_a_board_is_private_to_stays(app: TestApp) {
        let ada = app.admin("ada").await;
        ada.post("/api/admin/groups", json!({"slug": "crew", "title": "Crew"})).await.is(201);
        ada.post("/api/admin/groups", json!({"slug": "spare", "title": "Spare"})).await.is(201);
        tables::board_of_group(&app, "crew").await;
        ada.delete("/api/admin/groups/crew").await.refuses(409, "in_use");
        ada.delete("/api/admin/groups/spare").await.is(204);
        ada.delete("/api/admin/groups/spare").await.refuses(404, "not_found");
    }

    async fn nobody_joins_what_is_not_there(app: TestApp) {
        let ada = app.admin("ada").await;
        ada.put("/api/admin/groups/crew/members/ada").await.refuses(404, "not_found");
        ada.post("/api/admin/groups", json!({"slug": "crew", "title": "Crew"})).await.is(201);
        ada.put("/api/admin/groups/crew/members/nobody").await.refuses(404, "not_found");
    }
}
